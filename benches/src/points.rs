//! What plots are drawn from: for each plot a file of `series,x,y`, which anyone can read.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The points of one plot, which are on disk as soon as they are measured.
#[derive(Debug)]
pub struct Points {
    file: fs::File,
}

/// One point of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// What the line is called.
    pub series: String,
    /// What was varied.
    pub x: f64,
    /// What was measured.
    pub y: f64,
}

impl Points {
    /// Begins the points of `plot` anew, in `folder`.
    pub fn begin(folder: &Path, plot: &str) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { file: fs::File::create(path(folder, plot))? })
    }

    /// Adds a point to the line called `series`.
    pub fn add(&mut self, series: &str, x: f64, y: f64) -> io::Result<()> {
        writeln!(self.file, "{series},{x},{y}")
    }
}

/// The points of `plot`; none if it was not measured.
pub fn read(folder: &Path, plot: &str) -> io::Result<Vec<Point>> {
    let text = match fs::read_to_string(path(folder, plot)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    text.lines()
        .map(|line| point(line).ok_or_else(|| io::Error::other(format!("{plot}: not a point: {line}"))))
        .collect()
}

fn point(line: &str) -> Option<Point> {
    let (rest, y) = line.rsplit_once(',')?;
    let (series, x) = rest.rsplit_once(',')?;
    Some(Point { series: series.to_owned(), x: x.parse().ok()?, y: y.parse().ok()? })
}

fn path(folder: &Path, plot: &str) -> PathBuf {
    folder.join(plot).with_extension("csv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_even_with_commas_in_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let mut points = Points::begin(folder.path(), "cost").unwrap();
        points.add("5,000 viewers", 1.0, 2.5).unwrap();
        let expected = Point { series: "5,000 viewers".to_owned(), x: 1.0, y: 2.5 };
        assert_eq!(read(folder.path(), "cost").unwrap(), [expected]);
        assert_eq!(read(folder.path(), "never measured").unwrap(), []);
    }

    #[test]
    fn what_is_no_point_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("cost.csv"), "Iskra,1\n").unwrap();
        assert_eq!(read(folder.path(), "cost").unwrap_err().to_string(), "cost: not a point: Iskra,1");
    }
}
