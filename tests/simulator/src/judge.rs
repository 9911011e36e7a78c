//! What must hold at the end. Each target says what it compares.

use crate::{
    book::AtRank,
    compare::{rows, Row},
    kinds::{Claim, BASE, KINDS},
    ranks::cheapest_climb,
    simulation::Outcome,
};

/// A target, and whether it was met.
#[derive(Clone, Debug)]
pub struct Target {
    /// What must hold.
    pub name: String,
    /// Whether it does.
    pub met: bool,
    /// The numbers.
    pub why: String,
}

/// Bands of ranks whose blocks are compared: as many as lead in turn.
const BAND: usize = 17;
/// By how much, relative, a worse band may have more blocks; or four standard errors, if these are more.
const NOISE: f64 = 0.03;
/// Relative difference allowed between the leaderships of honest ones and those predicted.
const PREDICTION: f64 = 0.10;

/// All targets.
pub fn targets(outcome: &Outcome) -> Vec<Target> {
    let mut targets = exact(outcome);
    let rows = rows(outcome);
    targets.extend(rows.iter().filter_map(gains));
    targets.extend(draws(&rows));
    targets.push(prediction(&rows));
    targets.push(blocks(outcome));
    targets.push(climbing(outcome));
    targets
}

/// Those that leave nothing to chance.
pub fn exact(outcome: &Outcome) -> Vec<Target> {
    let book = &outcome.book;
    let target = |name: &str, met: bool, why: String| Target { name: name.into(), met, why };
    let wrong =
        outcome.tally.iter().zip(&outcome.counted).filter(|(tally, counted)| tally.credits != **counted).count();
    let refused: u64 = book.refused.values().sum();
    vec![
        target(
            "no lie is believed",
            book.believed.is_empty() && refused > 0,
            format!("{refused} refused, {:?}", book.believed),
        ),
        target("no honest proof is refused", book.lost.is_empty(), format!("{:?}", book.lost)),
        target("credits are the units that were accepted", wrong == 0, format!("{wrong} entities differ")),
        target(
            "the cooldown is never broken while there are 17 candidates",
            book.hasty == 0,
            format!("{} times; {} slots with fewer candidates", book.hasty, book.reduced),
        ),
    ]
}

fn gains(row: &Row) -> Option<Target> {
    let kind = &KINDS[row.kind];
    let tolerance = match kind.claim {
        Claim::Nothing => return None,
        Claim::Less => 0.0,
        Claim::NoMore => 2.0 * row.error,
    };
    let what = match kind.claim {
        Claim::NoMore => "gains no more than chance explains beyond",
        _ => "gains less than",
    };
    Some(Target {
        name: format!("{} {what} an honest one of the same cost", kind.name),
        met: row.yields < row.honest_yields + tolerance,
        why: format!("{:.1} % against {:.1} %, tolerance {tolerance:.1}", row.yields, row.honest_yields),
    })
}

/// More nodes bring no more draws: compared with honest ones, within four standard deviations of a count.
fn draws(rows: &[Row]) -> Option<Target> {
    let (base, many) = (rows.get(BASE)?, rows.iter().find(|row| KINDS[row.kind].nodes > 1)?);
    // A ring's orders exclude nobody, users stand in no pool: all draws are alike.
    let each = |row: &Row| row.sum.draws as f64 / row.count as f64;
    let expected = each(base) * many.count as f64;
    let tolerance = 4.0 * (expected + 1.0).sqrt();
    Some(Target {
        name: format!("{} are drawn no more often than one", KINDS[many.kind].name),
        met: (many.sum.draws as f64) < expected + tolerance,
        why: format!("{} draws against {expected:.0}, tolerance {tolerance:.0}", many.sum.draws),
    })
}

fn prediction(rows: &[Row]) -> Target {
    let honest = || rows.iter().filter(|row| KINDS[row.kind].claim == Claim::Nothing);
    let (led, predicted): (f64, f64) = (honest().map(|row| row.leads).sum(), honest().map(|row| row.predicted).sum());
    Target {
        name: "honest ones lead as often as the rule predicts, within a tenth".into(),
        met: (led - predicted).abs() <= PREDICTION * predicted,
        why: format!("{led:.1} % of the slots, predicted {predicted:.1} %"),
    }
}

/// Ticks owed by honest ones in a slot, by bands of ranks.
pub fn bands(outcome: &Outcome) -> Vec<AtRank> {
    let sum = |band: &[AtRank]| {
        band.iter().fold(AtRank::default(), |sum, at| AtRank {
            slots: sum.slots + at.slots,
            leads: sum.leads + at.leads,
            owed: sum.owed + at.owed,
            earned: sum.earned + at.earned,
        })
    };
    let all = outcome.book.honest_ranks.chunks(BAND).map(sum);
    all.filter(|band| band.slots >= 100 * BAND as u64).collect()
}

fn blocks(outcome: &Outcome) -> Target {
    let bands = bands(outcome);
    let rate = |band: &AtRank| band.owed as f64 / band.slots.max(1) as f64;
    let rises = |pair: &[AtRank]| {
        let [better, worse] = pair else { return false };
        // A leadership brings twelve ticks at once.
        let error = 4.0 * (1.0 / better.owed.max(1) as f64 + 1.0 / worse.owed.max(1) as f64).sqrt();
        rate(worse) > rate(better) * (1.0 + NOISE.max(error))
    };
    Target {
        name: format!("expected blocks of honest ones do not rise as ranks fall, in bands of {BAND}"),
        met: !bands.windows(2).any(rises),
        why: bands.iter().map(|band| format!("{:.3}", rate(band))).collect::<Vec<_>>().join(" "),
    }
}

fn climbing(outcome: &Outcome) -> Target {
    let climb = cheapest_climb(outcome);
    Target {
        name: "from no rank to no other it pays to burn for credits".into(),
        met: climb.is_none_or(|(_, _, burned, gained)| burned >= gained),
        why: climb.map_or_else(String::new, |(from, to, burned, gained)| {
            format!("the best try, from rank {from} to {to}: burn {burned:.0} ERGN, gain {gained:.0}")
        }),
    }
}
