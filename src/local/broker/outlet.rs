//! The way out of a connection: frames are queued here, and a thread writes them, so that nobody waits for a slow reader.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::queues::Message;
use super::wire::{BODY, Frame, HEADER, HEARTBEAT, MOST_BYTES};

/// What a frame has besides its payload, in bytes.
const AROUND: usize = 8;

/// Takes what is to be sent.
#[derive(Clone)]
pub(super) struct Outlet {
    frames: Sender<Frame>,
    /// The largest frame that the other side reads, in bytes.
    most: usize,
}

impl Outlet {
    /// Writes to a stream until the last copy of the outlet is gone; says that we are there after each such time in which
    /// there was nothing to send.
    pub fn new(stream: TcpStream, heartbeat: Duration) -> Outlet {
        let (frames, queued) = channel();
        thread::spawn(move || write(stream, &queued, heartbeat));
        Outlet { frames, most: MOST_BYTES as usize }
    }

    /// Sends to whoever has the other end.
    #[cfg(test)]
    pub fn to(frames: Sender<Frame>) -> Outlet {
        Outlet { frames, most: MOST_BYTES as usize }
    }

    /// Keeps to the size of frames that was agreed; 0 is no bound.
    pub fn agree(&mut self, most: u32) {
        // No side may ask for frames of less than 4,096 bytes (section 1.4.2.6).
        self.most = if most == 0 { MOST_BYTES } else { most.clamp(4096, MOST_BYTES) } as usize;
    }

    /// Sends a frame. Where the connection is gone, reading from it ends as well, and then it is closed.
    pub fn send(&self, frame: Frame) {
        let _ = self.frames.send(frame);
    }

    /// Sends a message behind the method that announced it (section 4.2.6).
    pub fn content(&self, channel: u16, message: &Message) {
        let mut header = vec![0, 60, 0, 0];
        header.extend((message.body.len() as u64).to_be_bytes());
        header.extend(&*message.properties);
        self.send(Frame { kind: HEADER, channel, payload: header });
        for part in message.body.chunks(self.most - AROUND) {
            self.send(Frame { kind: BODY, channel, payload: part.to_vec() });
        }
    }
}

fn write(mut stream: TcpStream, queued: &Receiver<Frame>, heartbeat: Duration) {
    loop {
        let frame = match queued.recv_timeout(heartbeat) {
            Ok(frame) => frame,
            Err(RecvTimeoutError::Timeout) => Frame { kind: HEARTBEAT, channel: 0, payload: Vec::new() },
            Err(RecvTimeoutError::Disconnected) => break,
        };
        if stream.write_all(&frame.bytes()).is_err() {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}
