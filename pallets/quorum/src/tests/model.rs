//! Batches of every kind against a model: a set of who was counted for each slot.

use std::collections::{BTreeMap, BTreeSet};

use ergon_primitives::{quorum::quorum, time::SlotNumber};
use proptest::prelude::*;
use sp_consensus_aura::sr25519::AuthoritySignature;

use crate::mock::*;

const MEMBERS: u8 = 5;

/// How a signature is made.
#[derive(Clone, Debug)]
enum Made {
    Well,
    ByAnother,
    OfAnotherSlot,
    WithBitFlipped(usize),
}

/// A batch.
#[derive(Clone, Debug)]
struct Offer {
    /// How many slots ago its slot was.
    ago: u64,
    /// Places and their signatures.
    signatures: Vec<(u8, Made)>,
    /// Whether the author sifts it.
    sifts: bool,
}

/// What is done in a block.
#[derive(Clone, Debug)]
struct Step {
    /// Whether it begins a slot.
    begins: bool,
    /// Batches, of which a block may have one.
    offers: Vec<Offer>,
}

fn made() -> impl Strategy<Value = Made> {
    prop_oneof![
        30 => Just(Made::Well),
        1 => Just(Made::ByAnother),
        1 => Just(Made::OfAnotherSlot),
        1 => (0usize..512).prop_map(Made::WithBitFlipped),
    ]
}

fn signatures() -> impl Strategy<Value = Vec<(u8, Made)>> {
    let in_order = prop::collection::btree_map(0..MEMBERS, made(), 0..=usize::from(MEMBERS));
    prop_oneof![
        6 => in_order.prop_map(|signatures| signatures.into_iter().collect()),
        1 => prop::collection::vec((0..MEMBERS + 2, made()), 0..8),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let offer =
        (0u64..4, signatures(), any::<bool>()).prop_map(|(ago, signatures, sifts)| Offer { ago, signatures, sifts });
    (prop::bool::weighted(0.3), prop::collection::vec(offer, 0..3)).prop_map(|(begins, offers)| Step { begins, offers })
}

/// Makes a signature for `place`, in the round of `slot` if it is open.
fn make(slot: SlotNumber, place: u8, made: &Made) -> AuthoritySignature {
    let open = |slot| Quorum::rounds().iter().map(|round| round.topic).find(|topic| topic.slot == slot);
    let mut topic = open(slot).or_else(Quorum::topic).expect("a round runs");
    let who = AccountId::from(place) + 1;
    match made {
        Made::Well => sign(who, &topic),
        Made::ByAnother => sign(who + 1, &topic),
        Made::OfAnotherSlot => {
            topic.slot += 1;
            sign(who, &topic)
        }
        Made::WithBitFlipped(bit) => {
            let signature = sp_core::sr25519::Signature::from(sign(who, &topic));
            let mut bytes: [u8; 64] = signature.into();
            bytes[bit / 8] ^= 1 << (bit % 8);
            sp_core::sr25519::Signature::from(bytes).into()
        }
    }
}

/// Whether a batch counts, by the rules as a person would tell them.
fn counts(signatures: &[(u8, Made)], before: &BTreeSet<u8>, open: bool, first: bool) -> bool {
    let places: Vec<_> = signatures.iter().map(|(place, _)| *place).collect();
    let mut ordered: Vec<_> = BTreeSet::from_iter(places.clone()).into_iter().collect();
    ordered.sort_unstable();
    let all_new = places.iter().all(|place| *place < MEMBERS && !before.contains(place));
    let all_well = signatures.iter().all(|(_, made)| matches!(made, Made::Well));
    let enough = if before.is_empty() { places.len() >= quorum(MEMBERS.into()) as usize } else { !places.is_empty() };
    open && first && places == ordered && all_new && all_well && enough
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The chain counts what the model counts; nobody has more than a unit for a slot; and an author that sifts never
    /// fails.
    #[test]
    fn the_chain_counts_as_the_model_does(steps in prop::collection::vec(step(), 1..14)) {
        story(MEMBERS.into(), || {
            let mut model: BTreeMap<SlotNumber, BTreeSet<u8>> = BTreeMap::new();
            let mut slot = SLOT;
            block_in(slot);
            for Step { begins, offers } in &steps {
                slot += u64::from(*begins);
                block_in(slot);
                let mut first = true;
                for Offer { ago, signatures, sifts } in offers {
                    let of = slot - ago;
                    let open = *ago <= 1 && of >= SLOT;
                    let make = |(place, made): &(u8, Made)| (*place, make(of, *place, made));
                    let offered: Vec<_> = signatures.iter().map(make).collect();
                    let before = model.entry(of).or_default();
                    if *sifts && first {
                        let is_fresh = |(place, made): &&(u8, Made)| {
                            *place < MEMBERS && matches!(made, Made::Well) && !before.contains(place)
                        };
                        let fresh: BTreeSet<_> = signatures.iter().filter(is_fresh).map(|(place, _)| *place).collect();
                        let least = if before.is_empty() { quorum(MEMBERS.into()) as usize } else { 1 };
                        let extrinsic = create(&batch(of, offered));
                        prop_assert_eq!(extrinsic.is_some(), open && fresh.len() >= least);
                        let Some(extrinsic) = extrinsic else { continue };
                        prop_assert_eq!(Executive::apply_extrinsic(extrinsic), Ok(Ok(())));
                        before.extend(fresh);
                        first = false;
                    } else {
                        let expected = counts(signatures, before, open, first);
                        let counted = submit(batch(of, offered)).is_ok();
                        prop_assert_eq!(counted, expected);
                        if counted {
                            before.extend(signatures.iter().map(|(place, _)| *place));
                            first = false;
                        }
                    }
                }
                let units_of = |place: u8| model.values().filter(|who| who.contains(&place)).count() as u64;
                let of_model = (0..MEMBERS).map(units_of);
                prop_assert_eq!(units(MEMBERS.into()), of_model.collect::<Vec<_>>());
                prop_assert!(Quorum::do_try_state().is_ok());
            }
            Ok(())
        })?;
    }
}
