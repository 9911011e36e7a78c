//! A picture of the outcome: SVG, written by hand. Its colours follow the reader's light or dark scheme.

use std::fmt::Write;

use crate::{
    compare::{rows, Row},
    kinds::KINDS,
    simulation::Outcome,
};

const WIDTH: f64 = 900.0;
const LEFT: f64 = 150.0;
const RIGHT: f64 = 850.0;
const STEP: f64 = 40.0;

const STYLE: &str = "<style>\
 text{font:14px system-ui,sans-serif;fill:#1b1f24}.title{font-size:17px;font-weight:600}.small{font-size:12px}\
 .ground{fill:#fff}.work{fill:#2a6fb5}.lead{fill:#d97a1a}.gain{fill:#2e8b57}.loss{fill:#c0392b}\
 .axis{stroke:#8a929b;stroke-width:1}\
 @media (prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0f141a}.work{fill:#69a9e8}.lead{fill:#f0a04b}\
 .gain{fill:#5cc98a}.loss{fill:#f0736a}.axis{stroke:#6b7580}}\
 </style>";

/// The picture.
pub fn plot(outcome: &Outcome) -> String {
    let rows = rows(outcome);
    let middle = 90.0 + STEP * rows.len() as f64;
    let height = middle + 100.0 + STEP * rows.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"Work, leadership and gain by kind of entity\">{STYLE}\
         <rect class=\"ground\" width=\"{WIDTH}\" height=\"{height}\"/>\n"
    );
    shares(&mut svg, &rows);
    gains(&mut svg, &rows, middle);
    svg.push_str("</svg>\n");
    svg
}

fn bar(svg: &mut String, class: &str, from: f64, to: f64, y: f64, height: f64) {
    let (x, width) = (from.min(to), (to - from).abs());
    let _ =
        writeln!(svg, "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height}\"/>");
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, anchor: &str, what: &str) {
    let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{what}</text>");
}

fn axis(svg: &mut String, x: f64, from: f64, to: f64) {
    let _ = writeln!(svg, "<line class=\"axis\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{from:.1}\" y2=\"{to:.1}\"/>");
}

fn label(row: &Row) -> String {
    format!("{} ({})", KINDS[row.kind].name, row.count)
}

fn shares(svg: &mut String, rows: &[Row]) {
    text(svg, "title", 20.0, 30.0, "start", "Share of all work, and of all leaderships, by kind of entity");
    bar(svg, "work", LEFT, LEFT + 12.0, 42.0, 12.0);
    text(svg, "small", LEFT + 18.0, 53.0, "start", "work");
    bar(svg, "lead", LEFT + 70.0, LEFT + 82.0, 42.0, 12.0);
    text(svg, "small", LEFT + 88.0, 53.0, "start", "leaderships");
    let most = rows.iter().map(|row| row.work.max(row.leads)).fold(1.0, f64::max);
    let scale = (RIGHT - LEFT - 60.0) / most;
    for (place, row) in rows.iter().enumerate() {
        let y = 68.0 + STEP * place as f64;
        text(svg, "", LEFT - 10.0, y + 19.0, "end", &label(row));
        for (class, share, y) in [("work", row.work, y), ("lead", row.leads, y + 14.0)] {
            bar(svg, class, LEFT, LEFT + share * scale, y, 12.0);
            text(svg, "small", LEFT + share * scale + 6.0, y + 11.0, "start", &format!("{share:.1} %"));
        }
    }
    axis(svg, LEFT, 64.0, 64.0 + STEP * rows.len() as f64);
}

fn gains(svg: &mut String, rows: &[Row], top: f64) {
    text(
        svg,
        "title",
        20.0,
        top + 20.0,
        "start",
        "Net gain of one entity, in ERGN: rewards and pay, less what it burned and spent",
    );
    let each = |row: &Row| row.net / row.count as f64;
    let most = rows.iter().map(each).fold(0.0, f64::max);
    let least = rows.iter().map(each).fold(0.0, f64::min);
    // Room for a number at either end.
    let (left, right) = (if least < 0.0 { LEFT + 75.0 } else { LEFT }, RIGHT - 75.0);
    let scale = (right - left) / (most - least).max(1.0);
    let zero = left - least * scale;
    for (place, row) in rows.iter().enumerate() {
        let (y, end) = (top + 42.0 + STEP * place as f64, zero + each(row) * scale);
        text(svg, "", LEFT - 10.0, y + 17.0, "end", &label(row));
        let (class, x, anchor) =
            if each(row) < 0.0 { ("loss", end - 6.0, "end") } else { ("gain", end + 6.0, "start") };
        bar(svg, class, zero, end, y, 22.0);
        text(svg, "small", x, y + 16.0, anchor, &format!("{:.0}", each(row)));
    }
    axis(svg, zero, top + 38.0, top + 38.0 + STEP * rows.len() as f64);
}
