//! A grid of characters on which lines meet: each cell knows the directions in which lines leave it.

/// Directions as bits.
const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

/// Box-drawing characters by their directions.
const LINES: [char; 16] = [' ', '│', '│', '│', '─', '┘', '┐', '┤', '─', '└', '┌', '├', '─', '┴', '┬', '┼'];

#[derive(Clone, Copy, Default)]
struct Cell {
    directions: u8,
    /// Whether a solid line goes through.
    solid: bool,
    /// Text instead of lines.
    text: Option<char>,
}

/// The grid.
pub(super) struct Canvas {
    width: usize,
    cells: Vec<Cell>,
}

impl Canvas {
    /// An empty grid.
    pub(super) fn new(width: usize, height: usize) -> Self {
        Canvas { width, cells: vec![Cell::default(); width * height] }
    }

    fn add(&mut self, row: usize, column: usize, directions: u8, solid: bool) {
        if let Some(cell) = self.cells.get_mut(row * self.width + column) {
            cell.directions |= directions;
            cell.solid |= solid;
        }
    }

    /// A horizontal line between two columns, in either order.
    pub(super) fn horizontal(&mut self, row: usize, one: usize, other: usize, solid: bool) {
        let (from, to) = (one.min(other), one.max(other));
        for column in from..=to {
            let left = if column > from { LEFT } else { 0 };
            let right = if column < to { RIGHT } else { 0 };
            self.add(row, column, left | right, solid);
        }
    }

    /// A vertical line from one row down to another.
    pub(super) fn vertical(&mut self, column: usize, from: usize, to: usize, solid: bool) {
        for row in from..=to {
            let up = if row > from { UP } else { 0 };
            let down = if row < to { DOWN } else { 0 };
            self.add(row, column, up | down, solid);
        }
    }

    /// A box of three rows with a name in it.
    pub(super) fn name_box(&mut self, row: usize, column: usize, width: usize, name: &str) {
        let right = column + width - 1;
        for line in [row, row + 2] {
            self.horizontal(line, column, right, true);
        }
        for side in [column, right] {
            self.vertical(side, row, row + 2, true);
        }
        let length = name.chars().count();
        let start = column + (width.saturating_sub(length)) / 2;
        for (at, letter) in name.chars().enumerate() {
            self.put(row + 1, start + at, if letter.is_control() { '?' } else { letter });
        }
    }

    /// A character in the place of lines.
    pub(super) fn put(&mut self, row: usize, column: usize, character: char) {
        if let Some(cell) = self.cells.get_mut(row * self.width + column) {
            cell.text = Some(character);
        }
    }

    /// The rows as lines without blanks at their ends.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        for row in self.cells.chunks(self.width.max(1)) {
            let line: String = row.iter().map(character).collect();
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}

fn character(cell: &Cell) -> char {
    if let Some(text) = cell.text {
        return text;
    }
    match (cell.directions, cell.solid) {
        (3, false) => '┊',
        (12, false) => '┄',
        (directions, _) => LINES[directions as usize & 15],
    }
}
