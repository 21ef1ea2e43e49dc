//! A message broker for services that run on one machine: as much of AMQP 0-9-1 as generated services speak with RabbitMQ,
//! so that a platform works as a whole without a server. It keeps nothing when it ends, and is not for anything but trying out.

mod incoming;
mod method;
mod outlet;
mod queues;
mod session;
mod topic;
mod wire;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;

/// A broker that listens on this machine until the process ends.
#[derive(Debug)]
pub struct Broker {
    port: u16,
}

impl Broker {
    /// Listens on a free port.
    ///
    /// # Errors
    /// When there is none.
    pub fn start() -> io::Result<Broker> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        thread::spawn(move || {
            let queues = Arc::new(Mutex::default());
            for (number, stream) in (1..).zip(listener.incoming()) {
                let (Ok(stream), queues) = (stream, Arc::clone(&queues)) else { continue };
                let _ = stream.set_nodelay(true);
                thread::spawn(move || session::serve(stream, &queues, number));
            }
        });
        Ok(Broker { port })
    }

    /// What services take as `BROKER_URL`.
    pub fn url(&self) -> String {
        format!("amqp://guest:guest@127.0.0.1:{}/", self.port)
    }
}
