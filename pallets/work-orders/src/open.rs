//! The life of an order but for its proofs: opened, drawn, closed when its time is over.
//!
//! | When | What |
//! |---|---|
//! | block *n*, `open_*` | everything that it can cost is taken |
//! | start of block *n* + [`DRAW_DELAY`] | its nodes are drawn: first entities, all alike, then a node of each, by randomness that nobody knew when it was paid; the protocol's share is burned |
//! | until its time is over | proofs settle its places, one by one |
//! | the last place is settled, or the first block after its time | what is left goes back |
//!
//! A block draws and closes at most [`MAX_ORDERS_PER_BLOCK`] orders of each kind; what is over and waits for that takes no proofs.

use alloc::vec::Vec;
use ergon_primitives::{
    nodes::{Nodes as _, Service, Worker},
    orders::{OrderId, MAX_DEAL_BYTES, MAX_PLACES},
    time::Tick,
    work::BYTES_PER_CREDIT,
    Hash,
};
use frame_support::{ensure, pallet_prelude::*, traits::Get};
use sp_runtime::{
    traits::{BlakeTwo256, Convert, Hash as _, UniqueSaturatedInto},
    SaturatedConversion,
};

use crate::*;

/// What `count` of something cost; nothing, if there are none.
fn costs(count: u32, weight: impl FnOnce(u32) -> Weight) -> Weight {
    if count == 0 {
        Weight::zero()
    } else {
        weight(count)
    }
}

impl<T: Config> Pallet<T> {
    fn height() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().unique_saturated_into()
    }

    pub(crate) fn do_open(owner: T::AccountId, job: Job, places: u8, max_burn: Balance) -> DispatchResult {
        ensure!((1..=MAX_PLACES).contains(&places.into()), Error::<T>::Places);
        match job {
            Job::Relay { client, volume, .. } => {
                ensure!((BYTES_PER_CREDIT..=MAX_VOLUME).contains(&volume), Error::<T>::Volume);
                ensure!(!T::Nodes::is_node(&client), Error::<T>::ClientIsNode);
            }
            Job::Storage { bytes, challenges, .. } => {
                ensure!((1..=MAX_DEAL_BYTES).contains(&bytes), Error::<T>::DataLength);
                ensure!((1..=MAX_CHALLENGES).contains(&challenges), Error::<T>::Challenges);
            }
        }
        let per_credit = T::CreditPrice::of(job.service()).ok_or(Error::<T>::NobodyOffers)?;
        ensure!(per_credit <= max_burn, Error::<T>::BurnTooHigh);
        let credits = job.credits().ok_or(Error::<T>::Volume)?;
        let burn = per_credit.checked_mul(credits.into()).ok_or(Error::<T>::PriceTooHigh)?;
        let draw = Self::height().saturating_add(DRAW_DELAY);
        let stage = Stage::Waiting { places, draw };
        let (deposit, nobody) = (T::Deposit::get(), Default::default());
        let closed = T::Nodes::pool_of(&owner);
        let order = Order { owner: owner.clone(), closed, job, burn, deposit, unearned: 0, stage, places: nobody };
        Self::charge(&owner, order.money().ok_or(Error::<T>::PriceTooHigh)?)?;
        let id = NextOrder::<T>::get();
        Draws::<T>::try_append(draw, job.service(), id).map_err(|()| Error::<T>::BlockFull)?;
        NextOrder::<T>::put(id.saturating_add(1));
        Orders::<T>::insert(id, order);
        Self::deposit_event(Event::Opened { order: id, owner, job, places, burn });
        Ok(())
    }

    /// What a block does before its extrinsics.
    pub(crate) fn begin_block(now: BlockNumber) -> Weight {
        let (new_slot, counts) = Self::advance();
        let mut weight = <T as Config>::WeightInfo::on_block();
        // Looking whether there is anything to do is in `on_block`.
        // Ending a pledge may move a stranger's, which the benchmark does not.
        let moved = T::DbWeight::get().reads_writes(2, 2);
        let judge =
            |count: u32| <T as Config>::WeightInfo::judge(count).saturating_add(moved.saturating_mul(count.into()));
        weight = weight.saturating_add(costs(Self::judge_missed(counts), judge));
        if let Some(slot) = new_slot {
            weight = weight.saturating_add(costs(Self::ask(slot), <T as Config>::WeightInfo::ask));
        }
        let closed = Self::close_due(Service::Relay).saturating_add(Self::close_due(Service::Storage));
        weight = weight.saturating_add(costs(closed, <T as Config>::WeightInfo::close));
        let seed = T::Randomness::get();
        for service in [Service::Relay, Service::Storage] {
            let drawn = Draws::<T>::take(now, service);
            // At most `MAX_ORDERS_PER_BLOCK`.
            let orders = drawn.len() as u32;
            weight = weight.saturating_add(costs(orders, <T as Config>::WeightInfo::draw));
            weight = weight.saturating_add(costs(orders, T::DrawWeight::convert));
            drawn.into_iter().for_each(|id| Self::draw(id, BlakeTwo256::hash_of(&(seed, id))));
        }
        weight
    }

    /// Ticks that an order takes proofs for, from its draw on.
    fn lifetime(service: Service) -> Tick {
        let clock = T::Clock::get();
        let slots = match service {
            Service::Relay => SESSION_SLOTS.min(clock.window_slots),
            Service::Storage => clock.window_slots,
        };
        Tick::from(slots).saturating_mul(clock.ticks_per_slot.into())
    }

    /// Draws an order's nodes, and burns the protocol's share of their places. The share of places that find no node, and their
    /// pay, go back at the end.
    pub(crate) fn draw(id: OrderId, seed: Hash) {
        let Some(mut order) = Orders::<T>::get(id) else { return };
        let Stage::Waiting { places: wanted, draw } = order.stage else { return };
        let (service, pay) = (order.job.service(), order.job.whole_pay().unwrap_or_default());
        let parties = core::slice::from_ref(&order.owner);
        let opened = draw.saturating_sub(DRAW_DELAY);
        let workers: Vec<Worker<T::AccountId>> =
            T::Nodes::draw(service, seed, wanted.into(), parties, order.closed, opened);
        let found: u8 = workers.len().saturated_into();
        let until = Self::now().saturating_add(Self::lifetime(service));
        let burned = Self::burn(order.burn.saturating_mul(found.into()));
        order.unearned = pay.saturating_add(order.burn).saturating_mul(wanted.saturating_sub(found).into());
        order.stage = Stage::Running { until };
        let places = workers.iter().cloned();
        order.places = BoundedVec::truncate_from(
            places.map(|worker| Place { worker, progress: Progress::Drawn, left: pay }).collect(),
        );
        let places = BoundedVec::truncate_from(workers);
        Self::deposit_event(Event::Drawn { order: id, places, until: Self::chain_tick(until), burned });
        if found > 0 {
            // Orders of a kind live equally long: in the order of their draws they end.
            QueueEnds::<T>::mutate(service, |ends| {
                Queue::<T>::insert(service, ends.tail, id);
                ends.tail = ends.tail.saturating_add(1);
            });
        }
        Self::store(id, order);
    }

    /// Closes orders of `service` whose time is over. Returns how many entries it took from the queue.
    pub(crate) fn close_due(service: Service) -> u32 {
        let Ends { mut head, tail } = QueueEnds::<T>::get(service);
        let (before, now) = (head, Self::now());
        while head < tail && head.saturating_sub(before) < MAX_ORDERS_PER_BLOCK.into() {
            let Some(id) = Queue::<T>::get(service, head) else { break };
            if let Some(mut order) = Orders::<T>::get(id) {
                if matches!(order.stage, Stage::Running { until } if now <= until) {
                    break;
                }
                Self::end_pledges(id, &mut order);
                Self::close(id, order);
            }
            Queue::<T>::remove(service, head);
            head = head.saturating_add(1);
        }
        if head != before {
            QueueEnds::<T>::insert(service, Ends { head, tail });
        }
        head.saturating_sub(before).saturated_into()
    }
}
