//! What is stored of an order.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{
    math::mul_div_ceil,
    nodes::{NodeKey, PoolId, Service, Worker},
    orders::{Challenge, MAX_PLACES},
    time::Tick,
    work::BYTES_PER_CREDIT,
    Balance, BlockNumber,
};
use scale_info::TypeInfo;
use sp_core::sr25519;
use sp_runtime::{traits::ConstU32, BoundedVec};

/// What a credit costs.
pub trait CreditPrice {
    /// What is burned for each credit that an order pays for: see `ergon_primitives::work::seat_value`. `None` if nobody offers
    /// the service.
    fn of(service: Service) -> Option<Balance>;
}

/// Bytes by which relaying is priced.
const BYTES_PER_MB: u128 = 1_000_000;

/// What is ordered. Prices are for one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Job {
    /// A relay session.
    Relay {
        /// Who signs its receipts.
        client: sr25519::Public,
        /// Bytes that each relay passes on at most.
        volume: u64,
        /// Price of 1,000,000 bytes.
        price_per_mb: Balance,
    },
    /// A storage deal.
    Storage {
        /// Root of the tree of the data's segments.
        root: [u8; 32],
        /// Length of the data.
        bytes: u64,
        /// Challenges that each holder gets at most.
        challenges: u32,
        /// Price of an answer.
        price: Balance,
    },
}

impl Job {
    /// What nodes must offer for it.
    pub fn service(&self) -> Service {
        match self {
            Self::Relay { .. } => Service::Relay,
            Self::Storage { .. } => Service::Storage,
        }
    }

    /// Credits that a node can earn by it, at most: those that the burn pays. `None` if it is more than 2^32.
    pub fn credits(&self) -> Option<u32> {
        match self {
            Self::Relay { volume, .. } => u32::try_from(volume.div_ceil(BYTES_PER_CREDIT)).ok(),
            Self::Storage { challenges, .. } => Some(*challenges),
        }
    }

    /// What a node gets for all of it. `None` if that does not fit.
    pub fn whole_pay(&self) -> Option<Balance> {
        match self {
            Self::Relay { volume, price_per_mb, .. } => relay_pay(*volume, *price_per_mb),
            Self::Storage { challenges, price, .. } => price.checked_mul((*challenges).into()),
        }
    }
}

/// What a relay gets for `bytes`, which are billed as 5 MB if they are fewer. Rounded up, for the relay.
pub fn relay_pay(bytes: u64, price_per_mb: Balance) -> Option<Balance> {
    mul_div_ceil(bytes.max(BYTES_PER_CREDIT).into(), price_per_mb, BYTES_PER_MB)
}

/// How far a node is with its part of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Progress {
    /// It has not redeemed, or not pledged, yet.
    Drawn,
    /// It holds the data, and is challenged.
    Pledged {
        /// Its place in the list of pledges.
        index: u32,
        /// Challenges to come.
        left: u32,
        /// Challenges missed in a row.
        missed: u32,
    },
    /// It has redeemed.
    Redeemed {
        /// For what the client signed.
        bytes: u64,
    },
    /// Its pledge is over.
    Ended,
}

impl Progress {
    /// Whether nothing more comes of it.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Redeemed { .. } | Self::Ended)
    }
}

/// A node's part of an order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Place<AccountId> {
    /// The node as it was drawn.
    pub worker: Worker<AccountId>,
    /// How far it is.
    pub progress: Progress,
    /// What it may still be paid.
    pub left: Balance,
}

/// Whether nodes have been drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Stage {
    /// They will be, so many, in this block.
    Waiting {
        /// Places.
        places: u8,
        /// The block.
        draw: BlockNumber,
    },
    /// They have been.
    Running {
        /// The last tick whose block takes a proof, as [`Pallet::now`](crate::Pallet::now) counts ticks.
        until: Tick,
    },
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Order<AccountId> {
    /// Who pays.
    pub owner: AccountId,
    /// The pool in which its owner stood when it was opened: closed to it, even if he has left since.
    pub closed: Option<PoolId>,
    /// For what.
    pub job: Job,
    /// The protocol's share for each place, as it was when the order was opened.
    pub burn: Balance,
    /// For the room that the order takes.
    pub deposit: Balance,
    /// What goes back to the owner at the end besides: pay that nobody earned.
    pub unearned: Balance,
    /// Whether it has its nodes.
    pub stage: Stage,
    /// Its nodes, each of another entity.
    pub places: BoundedVec<Place<AccountId>, ConstU32<MAX_PLACES>>,
}

impl<AccountId> Order<AccountId> {
    /// Position of `node` among the places.
    pub fn place_of(&self, node: &NodeKey) -> Option<usize> {
        self.places.iter().position(|place| place.worker.node == *node)
    }

    /// What of its owner's money it has. `None` if that does not fit, which opening refuses.
    pub fn money(&self) -> Option<Balance> {
        let own = self.deposit.checked_add(self.unearned)?;
        match self.stage {
            Stage::Waiting { places, .. } => {
                self.job.whole_pay()?.checked_add(self.burn)?.checked_mul(places.into())?.checked_add(own)
            }
            Stage::Running { .. } => self.places.iter().try_fold(own, |sum, place| sum.checked_add(place.left)),
        }
    }

    /// Whether nothing more can come of it.
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Running { .. }) && self.places.iter().all(|place| place.progress.is_over())
    }
}

/// First and next number of a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Ends {
    /// The first.
    pub head: u64,
    /// The next.
    pub tail: u64,
}

/// A challenge that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct OpenChallenge {
    /// What is asked.
    pub challenge: Challenge,
    /// Blocks that there were when it was asked.
    pub asked: BlockNumber,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_billed_for_at_least_five_megabytes() {
        assert_eq!(relay_pay(1, 10), Some(50));
        assert_eq!(relay_pay(5_000_000, 10), Some(50));
        assert_eq!(relay_pay(5_000_001, 10), Some(51), "rounded up");
        assert_eq!(relay_pay(u64::MAX, Balance::MAX), None);
    }
}
