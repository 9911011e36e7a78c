//! What is printed: 140 columns at most.

use std::fmt::Write;

use ergon_primitives::Balance;

use crate::{
    compare::{ergn, rows, Row},
    judge::{bands, targets, Target},
    kinds::*,
    ranks::{ranks, seat},
    simulation::Outcome,
};

/// The whole report.
pub fn report(outcome: &Outcome) -> String {
    let rows = rows(outcome);
    let parts =
        [head(outcome), work(&rows), money(&rows), definition(), market(outcome), lies(outcome), climb(outcome)];
    let mut text = parts.join("\n");
    let _ = writeln!(text, "\nTargets");
    for Target { name, met, why } in targets(outcome) {
        let _ = writeln!(text, "  {} {name}\n       {why}", if met { "ok  " } else { "FAIL" });
    }
    text
}

fn whole(amount: Balance) -> f64 {
    ergn(amount as i128)
}

fn head(outcome: &Outcome) -> String {
    let options = &outcome.options;
    format!(
        "Work credits, simulated: {} entities, {} slots after a window of {}, epochs of {} slots, seed {}\n\
         A block earns {} ERGN; a seat among those who lead in turn is worth {:.0} ERGN a window.\n\
         Assumed: a validator's machine costs {:.2} ERGN a slot, a node's {:.2}, while up. Jail and fees of transactions are not simulated.\n",
        options.entities,
        options.slots,
        options.timing.window_slots,
        options.timing.slots_per_epoch,
        options.seed,
        whole(REWARD),
        whole(seat(outcome)),
        whole(VALIDATOR_COST),
        whole(NODE_COST),
    )
}

fn work(rows: &[Row]) -> String {
    let mut text = String::from("Work and leadership (share: of all; each: of one entity)\n");
    let _ = writeln!(
        text,
        "{:<16}{:>4}{:>11}{:>9}{:>12}{:>12}{:>9}{:>9}{:>11}{:>11}{:>13}",
        "kind",
        "n",
        "credits",
        "live %",
        "draws each",
        "paid each",
        "work %",
        "leads %",
        "predict %",
        "blocks",
        "blocks each"
    );
    for row in rows {
        let each = |count: u64| count as f64 / row.count as f64;
        let _ = writeln!(
            text,
            "{:<16}{:>4}{:>11.1}{:>9.1}{:>12.1}{:>12.1}{:>9.1}{:>9.1}{:>11.1}{:>11}{:>13.1}",
            KINDS[row.kind].name,
            row.count,
            row.credits,
            row.live,
            each(row.sum.draws),
            each(row.sum.paid_units),
            row.work,
            row.leads,
            row.predicted,
            row.sum.blocks,
            each(row.sum.blocks),
        );
    }
    text
}

fn money(rows: &[Row]) -> String {
    let mut text = String::from("Money, in ERGN (yield: net of what is locked, in %)\n");
    let _ = writeln!(
        text,
        "{:<16}{:>11}{:>9}{:>9}{:>8}{:>9}{:>11}{:>10}{:>10}{:>9}{:>11}{:>12}{:>10}",
        "kind",
        "rewards",
        "pay",
        "burned",
        "paid",
        "machine",
        "net",
        "net each",
        "locked",
        "yield",
        "honest's",
        "difference",
        "2 s.e."
    );
    for row in rows {
        let _ = writeln!(
            text,
            "{:<16}{:>11.0}{:>9.0}{:>9.0}{:>8.0}{:>9.0}{:>11.0}{:>10.0}{:>10.0}{:>9.1}{:>11.1}{:>12.1}{:>10.1}",
            KINDS[row.kind].name,
            whole(row.sum.rewards),
            whole(row.sum.pay),
            whole(row.sum.burned),
            whole(row.sum.paid_out),
            whole(row.sum.machines),
            row.net,
            row.net / row.count as f64,
            row.locked,
            row.yields,
            row.honest_yields,
            row.yields - row.honest_yields,
            2.0 * row.error,
        );
    }
    text
}

fn definition() -> String {
    "An honest one of the same cost: the honest entity with the same number in its kind, so with the same stake, outages by the same chance,\n\
     and a purse as full: what the other burns, pays or spends on machines beyond it, it keeps. Deposits are locked, not spent, so gains are\n\
     compared as net gain per ERGN locked (stake and deposits). Sybils of entities have a stake and a machine for each.\n\
     Cheaters must gain less. The Sybils do an honest one's work and have its luck: they must not gain more by two standard errors.\n"
        .into()
}

fn market(outcome: &Outcome) -> String {
    let book = &outcome.book;
    let rewards: Balance = book.entries.iter().map(|entry| entry.rewards).sum();
    let users = whole(book.users.0);
    format!(
        "Market: a paid credit burns {:.0} ERGN; {} offer to relay, {} to store.\n\
         Users opened {} orders, burned {users:.0} ERGN and paid {:.0}; authors earned {:.0}, so users burned {:.1} times that.\n\
         Friends of the ring opened {} orders. {} challenges were missed.\n",
        whole(outcome.burn),
        outcome.offering[0],
        outcome.offering[1],
        book.orders.0,
        whole(book.users.1),
        whole(rewards),
        users / whole(rewards).max(1.0),
        book.orders.1,
        book.missed,
    )
}

fn lies(outcome: &Outcome) -> String {
    let mut text = String::from("Lies refused\n");
    for ((what, error), count) in &outcome.book.refused {
        let _ = writeln!(text, "  {what:<20}{error:<22}{count:>10}");
    }
    text
}

fn climb(outcome: &Outcome) -> String {
    let mut text = format!(
        "Ranks at the end, by credits times reliability. Burn: credits to pass the rank above, times the burn for one.\n\
         Earned: by whoever stood at this rank when a slot was elected, in a window, on average. Gain: what the rank above earned more.\n\
         Burn must be no less than gain.\n\
         {:>5}  {:<16}{:>9}{:>13}{:>9}{:>12}{:>12}{:>11}\n",
        "rank", "kind", "credits", "reliability", "lacks", "burn", "earned", "gain"
    );
    for (place, rank) in ranks(outcome).iter().enumerate() {
        let _ = writeln!(
            text,
            "{:>5}  {:<16}{:>9}{:>13.4}{:>9}{:>12.0}{:>12.1}{:>11.1}",
            place + 1,
            outcome.actors[rank.entity].kind().name,
            rank.credits,
            rank.reliability.deconstruct() as f64 / 1e9,
            rank.lacks.map_or_else(|| "-".into(), |lacks| lacks.to_string()),
            rank.burn,
            rank.earned,
            rank.gain,
        );
    }
    let _ = writeln!(text, "Ticks owed in a slot, and share of the slots led, of honest ones at ranks");
    for (place, band) in bands(outcome).iter().enumerate() {
        let slots = band.slots.max(1) as f64;
        let (from, to) = (place * 17 + 1, place * 17 + 17);
        let (owed, led) = (band.owed as f64 / slots, 100.0 * band.leads as f64 / slots);
        let _ = writeln!(text, "  {from:>3} to {to:>3}: {owed:.3} ticks, {led:.2} %");
    }
    text
}
