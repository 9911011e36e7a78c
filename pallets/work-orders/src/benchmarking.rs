//! One benchmark per call and piece of work, each at its worst: three places, pledges that end, the longest paths.

use alloc::vec::Vec;
use ergon_primitives::{
    nodes::{NodeKey, NODE_KEY_TYPE},
    orders::{
        segments, Answer, Challenge, OrderId, Pledge, Receipt, Redemption, MAX_DEAL_BYTES, MAX_PLACES,
        MAX_SEGMENT_PROOF, SEGMENT_BYTES,
    },
    staking::ChainTime,
    time::SlotNumber,
    Hash,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{fungible::Mutate, Get, Hooks};
use frame_system::RawOrigin;
use sp_core::sr25519::Signature;
use sp_io::crypto::{sr25519_generate, sr25519_sign};
use sp_runtime::{traits::UniqueSaturatedInto, BoundedVec};

use crate::*;

/// Sets the scene for benchmarks.
pub trait BenchmarkHelper<AccountId> {
    /// Makes `who` an entity whose ledger costs as much to write as it can.
    fn make_entity(who: &AccountId);
    /// Makes the block's tick that of `slot`'s beginning.
    fn set_slot(slot: SlotNumber);
    /// Makes the price of a credit of `service` cost as much as it can to tell.
    fn offer(service: Service);
}

/// A slot far from the chain's beginning.
const SLOT: SlotNumber = 1_000_000;
/// A price that leaves every account above the existential deposit.
const PRICE: Balance = 10_000_000_000_000;

fn sign(key: &NodeKey, payload: &[u8]) -> Signature {
    sr25519_sign(NODE_KEY_TYPE, key, payload).expect("the key was just made")
}

fn keys() -> Vec<NodeKey> {
    (0..MAX_PLACES).map(|_| sr25519_generate(NODE_KEY_TYPE, None)).collect()
}

/// Owners of orders, each of another: in a block they are.
fn owner<T: Config>() -> T::AccountId {
    let owner = account("payer", NextOrder::<T>::get() as u32, 0);
    T::Currency::set_balance(&owner, Balance::MAX >> 16);
    owner
}

fn worker<T: Config>(node: NodeKey, index: u32) -> ergon_primitives::nodes::Worker<T::AccountId> {
    let (entity, owner) = (account("entity", index, 0), account("owner", index, 0));
    T::Helper::make_entity(&entity);
    T::Currency::set_balance(&owner, PRICE);
    ergon_primitives::nodes::Worker { node, entity, owner }
}

/// An order that runs until far away, with a place for each key; those of a deal are pledged, with `left` challenges to come.
fn order<T: Config>(job: Job, keys: &[NodeKey], left: u32, missed: u32) -> OrderId {
    let (owner, id) = (owner::<T>(), NextOrder::<T>::get());
    let pay = job.whole_pay().expect("fits");
    let mut places = Vec::new();
    for (place, key) in keys.iter().enumerate() {
        let progress = match job {
            Job::Relay { .. } => Progress::Drawn,
            Job::Storage { .. } => {
                let index = PledgeCount::<T>::mutate(|count| {
                    *count += 1;
                    *count - 1
                });
                Pledges::<T>::insert(index, (id, place as u8));
                Progress::Pledged { index, left, missed }
            }
        };
        places.push(Place { worker: worker::<T>(*key, place as u32), progress, left: pay });
    }
    let until = T::Time::tick().saturating_add(1_000_000);
    let order = Order {
        owner: owner.clone(),
        closed: None,
        job,
        burn: 0,
        deposit: T::Deposit::get(),
        unearned: 0,
        stage: Stage::Running { until },
        places: BoundedVec::truncate_from(places),
    };
    Pallet::<T>::charge(&owner, order.money().expect("fits")).expect("has enough");
    QueueEnds::<T>::mutate(job.service(), |ends| {
        Queue::<T>::insert(job.service(), ends.tail, id);
        ends.tail += 1;
    });
    NextOrder::<T>::put(id + 1);
    Orders::<T>::insert(id, order);
    id
}

fn storage(root: [u8; 32]) -> Job {
    Job::Storage { root, bytes: MAX_DEAL_BYTES, challenges: MAX_CHALLENGES, price: PRICE }
}

fn relay(client: NodeKey) -> Job {
    Job::Relay { client, volume: MAX_VOLUME, price_per_mb: PRICE }
}

/// Root of the largest tree there is whose first leaf is `segment`, under these siblings.
fn root_of(segment: &[u8], proof: &[[u8; 32]]) -> [u8; 32] {
    let hash = |parts: &[&[u8]]| sp_io::hashing::sha2_256(&parts.concat());
    let top = proof.iter().fold(hash(&[&[0], segment]), |node, sibling| hash(&[&[1], &node, sibling]));
    hash(&[&[2], &segments(MAX_DEAL_BYTES).to_be_bytes(), &top])
}

fn open_challenge<T: Config>(deal: OrderId, node: NodeKey, deadline: u64) -> OpenChallenge {
    OpenChallenge { challenge: Challenge { deal, node, slot: SLOT, segment: 0, deadline }, asked: 0 }
}

fn set_slot<T: Config>(slot: SlotNumber) {
    T::Helper::set_slot(slot);
    LastTick::<T>::put(T::Time::tick());
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn open() -> Result<(), BenchmarkError> {
        let owner = owner::<T>();
        T::Helper::offer(Service::Relay);
        let block: BlockNumber = frame_system::Pallet::<T>::block_number().unique_saturated_into();
        let others = (1_000_000..).take(MAX_ORDERS_PER_BLOCK as usize - 1).collect();
        Draws::<T>::insert(block + DRAW_DELAY, Service::Relay, BoundedVec::truncate_from(others));
        let client = sr25519_generate(NODE_KEY_TYPE, None);
        #[block]
        {
            let origin = RawOrigin::Signed(owner).into();
            Pallet::<T>::open_session(origin, client, MAX_VOLUME, MAX_PLACES as u8, PRICE, Balance::MAX)?;
        }
        assert_eq!(Orders::<T>::iter().count(), 1);
        Ok(())
    }

    #[benchmark]
    fn redeem() -> Result<(), BenchmarkError> {
        set_slot::<T>(SLOT);
        let (client, keys) = (sr25519_generate(NODE_KEY_TYPE, None), keys());
        let session = order::<T>(relay(client), &keys, 0, 0);
        // The last of three, which closes the session.
        Orders::<T>::mutate(session, |order| {
            order.iter_mut().flat_map(|order| order.places.iter_mut().skip(1)).for_each(|place| {
                place.progress = Progress::Redeemed { bytes: 1 };
            });
        });
        let (genesis, relay) = (Pallet::<T>::genesis(), *keys.first().expect("three"));
        let receipt = Receipt { session, relay, bytes: MAX_VOLUME - 1, sequence: u32::MAX };
        let redemption = Redemption {
            receipt,
            client: sign(&client, &receipt.payload(&genesis)),
            relay: sign(&relay, &receipt.redemption(&genesis)),
        };
        #[block]
        {
            // As before a block takes it in, and then in the block.
            assert!(Pallet::<T>::validate_redemption(&redemption).is_ok());
            Pallet::<T>::redeem(RawOrigin::None.into(), redemption)?;
        }
        assert!(!Orders::<T>::contains_key(session));
        Ok(())
    }

    #[benchmark]
    fn pledge() -> Result<(), BenchmarkError> {
        set_slot::<T>(SLOT);
        let keys = keys();
        let (node, others) = keys.split_first().expect("three");
        let (node, deal) = (*node, order::<T>(storage([0; 32]), others, 5, 0));
        Orders::<T>::mutate(deal, |order| {
            let place = Place { worker: worker::<T>(node, 9), progress: Progress::Drawn, left: 0 };
            order.iter_mut().for_each(|order| order.places.force_push(place.clone()));
        });
        let signature = sign(&node, &Pledge::payload(&Pallet::<T>::genesis(), deal, &node));
        // Not `pledge`, which is the benchmark's own name here.
        let word = Pledge { deal, node, signature };
        #[block]
        {
            assert!(Pallet::<T>::validate_pledge(&word).is_ok());
            Pallet::<T>::pledge(RawOrigin::None.into(), word)?;
        }
        assert_eq!(PledgeCount::<T>::get(), MAX_PLACES);
        Ok(())
    }

    #[benchmark]
    fn answer() -> Result<(), BenchmarkError> {
        set_slot::<T>(SLOT);
        let (segment, proof) = ([7u8; SEGMENT_BYTES as usize], [[9u8; 32]; MAX_SEGMENT_PROOF as usize]);
        let keys = keys();
        let deal = order::<T>(storage(root_of(&segment, &proof)), &keys, 0, 2);
        let node = *keys.first().expect("three");
        // Others' pledges: the last of them moves.
        let _others = order::<T>(storage([0; 32]), &keys, 5, 0);
        let deadline = T::Time::tick();
        let mut waiting: Vec<_> = (1_000..).take(47).map(|id| open_challenge::<T>(id, node, deadline)).collect();
        waiting.push(open_challenge::<T>(deal, node, deadline));
        OpenChallenges::<T>::put(BoundedVec::<_, _>::truncate_from(waiting));
        let signature = sign(&node, &Answer::payload(&Pallet::<T>::genesis(), deal, &node, SLOT));
        let reply = Answer {
            deal,
            node,
            slot: SLOT,
            segment: BoundedVec::truncate_from(segment.to_vec()),
            proof: BoundedVec::truncate_from(proof.to_vec()),
            signature,
        };
        #[block]
        {
            assert!(Pallet::<T>::validate_answer(&reply).is_ok());
            Pallet::<T>::answer(RawOrigin::None.into(), reply)?;
        }
        assert_eq!(PledgeCount::<T>::get(), 2 * MAX_PLACES - 1);
        Ok(())
    }

    #[benchmark]
    fn on_block() {
        // After an outage.
        set_slot::<T>(SLOT - 10);
        T::Helper::set_slot(SLOT);
        let _running =
            [order::<T>(relay(NodeKey::from_raw([1; 32])), &keys(), 0, 0), order::<T>(storage([0; 32]), &keys(), 1, 0)];
        // Asking is weighed by itself.
        PledgeCount::<T>::kill();
        #[block]
        {
            Pallet::<T>::on_initialize(5u32.into());
        }
        assert_eq!(Orders::<T>::iter().count(), 2);
    }

    #[benchmark]
    fn judge(j: Linear<1, MAX_OPEN_CHALLENGES>) {
        T::Helper::set_slot(SLOT);
        frame_system::Pallet::<T>::set_block_number(1_000u32.into());
        let mut waiting = Vec::new();
        for _ in 0..j {
            let keys = keys();
            // Of one holder, so that its end is the deal's.
            let deal = order::<T>(storage([0; 32]), keys.get(..1).expect("three"), 5, MAX_MISSED - 1);
            waiting.push(open_challenge::<T>(deal, *keys.first().expect("three"), 0));
        }
        OpenChallenges::<T>::put(BoundedVec::<_, _>::truncate_from(waiting));
        #[block]
        {
            assert_eq!(Pallet::<T>::judge_missed(true), j);
        }
        assert_eq!((PledgeCount::<T>::get(), Orders::<T>::iter().count()), (0, 0));
    }

    #[benchmark]
    fn ask(a: Linear<1, CHALLENGES_PER_SLOT>) {
        T::Helper::set_slot(SLOT);
        // As many as are open at most when a slot begins.
        let ids = (1_000..).take((MAX_OPEN_CHALLENGES - CHALLENGES_PER_SLOT) as usize);
        let node = NodeKey::from_raw([1; 32]);
        let waiting: Vec<_> = ids.map(|id| open_challenge::<T>(id, node, u64::MAX)).collect();
        OpenChallenges::<T>::put(BoundedVec::<_, _>::truncate_from(waiting));
        for _ in 0..a {
            order::<T>(storage([0; 32]), keys().get(..1).expect("three"), 5, 0);
        }
        #[block]
        {
            assert_eq!(Pallet::<T>::ask(SLOT), a);
        }
        assert_eq!(OpenChallenges::<T>::get().len() as u32, MAX_OPEN_CHALLENGES - CHALLENGES_PER_SLOT + a);
    }

    #[benchmark]
    fn close(o: Linear<1, MAX_ORDERS_PER_BLOCK>) {
        T::Helper::set_slot(SLOT);
        let deals: Vec<_> = (0..o).map(|_| order::<T>(storage([0; 32]), &keys(), 5, 0)).collect();
        let _others: Vec<_> = (0..o).map(|_| order::<T>(storage([0; 32]), &keys(), 5, 0)).collect();
        for deal in &deals {
            Orders::<T>::mutate(deal, |order| {
                order.iter_mut().for_each(|order| order.stage = Stage::Running { until: 0 });
            });
        }
        #[block]
        {
            assert_eq!(Pallet::<T>::close_due(Service::Storage), o);
        }
        assert_eq!(PledgeCount::<T>::get(), o * MAX_PLACES);
    }

    #[benchmark]
    fn draw(o: Linear<1, MAX_ORDERS_PER_BLOCK>) {
        use ergon_primitives::nodes::Nodes as _;
        T::Helper::set_slot(SLOT);
        T::Helper::offer(Service::Relay);
        T::Helper::offer(Service::Storage);
        let client = sr25519_generate(NODE_KEY_TYPE, None);
        for order in 0..o {
            let origin = RawOrigin::Signed(owner::<T>()).into();
            let places = MAX_PLACES as u8;
            let opened = match order % 2 {
                0 => Pallet::<T>::open_session(origin, client, MAX_VOLUME, places, PRICE, Balance::MAX),
                _ => Pallet::<T>::open_deal(origin, [0; 32], MAX_DEAL_BYTES, places, 1, PRICE, Balance::MAX),
            };
            opened.expect("opens");
        }
        // The draw itself is weighed elsewhere.
        T::Nodes::make_offers(Service::Relay, &keys());
        T::Nodes::make_offers(Service::Storage, &keys());
        #[block]
        {
            (0..u64::from(o)).for_each(|id| Pallet::<T>::draw(id, Hash::repeat_byte(id as u8)));
        }
        let is_drawn = |order: Order<T::AccountId>| matches!(order.stage, Stage::Running { .. });
        assert!(Orders::<T>::iter_values().all(is_drawn));
    }
}
