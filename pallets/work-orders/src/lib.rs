#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod clock;
mod money;
mod open;
mod relay;
mod storage;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
mod unsigned;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use types::{relay_pay, CreditPrice, Ends, Job, OpenChallenge, Order, Place, Progress, Stage};
pub use weights::WeightInfo;

use ergon_primitives::{nodes::Service, Balance, BlockNumber};
use frame_support::traits::fungible::{self, Credit};

/// Money that no account holds, in this runtime's types.
pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

/// Blocks from an order's to the draw of its nodes: its randomness is of authors who came after the money.
pub const DRAW_DELAY: BlockNumber = 8;
/// Orders that a block takes, draws for, and closes: each at most so many.
pub const MAX_ORDERS_PER_BLOCK: u32 = 16;
/// Most bytes of a session: 100 credits.
pub const MAX_VOLUME: u64 = 500_000_000;
/// Most challenges that one deal pays a holder: a window of slots.
pub const MAX_CHALLENGES: u32 = ergon_primitives::time::MAX_WINDOW_SLOTS;
/// Slots for which a session takes receipts after its draw, at most. SPEC: an hour.
pub const SESSION_SLOTS: u32 = 30;
/// Challenges that a slot asks at most.
pub const CHALLENGES_PER_SLOT: u32 = 16;
/// Challenges that can be open: those of a slot, and of the ones before whose deadline is not over.
pub const MAX_OPEN_CHALLENGES: u32 = 3 * CHALLENGES_PER_SLOT;
/// Challenges missed in a row that end a pledge.
pub const MAX_MISSED: u32 = 3;

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use ergon_primitives::{
        nodes::{NodeKey, Nodes, Worker},
        orders::{Answer, Challenge, OrderId, Pledge, Redemption, MAX_PLACES},
        staking::{ChainTime, Supply},
        time::{SlotNumber, Tick, Timing},
        work::WorkLedger,
        Hash,
    };
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use sp_core::sr25519;
    use sp_runtime::traits::Convert;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// What the pallet needs of the chain.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>, Hash = Hash> {
        /// The money: what an order may cost is in the pallet's account until it is earned, burned or given back.
        type Currency: fungible::Mutate<Self::AccountId, Balance = Balance> + fungible::Balanced<Self::AccountId>;
        /// Burns the protocol's share.
        type Supply: Supply<CreditOf<Self>>;
        /// Who works.
        type Nodes: Nodes<Self::AccountId>;
        /// What the longest draws for so many orders of a service cost, on top of everything else.
        type DrawWeight: Convert<u32, Weight>;
        /// Where work is written down.
        type Ledger: WorkLedger<Self::AccountId>;
        /// What a credit costs.
        type CreditPrice: CreditPrice;
        /// 32 bytes that nobody knew some blocks ago.
        type Randomness: Get<Hash>;
        /// The chain's clock.
        type Clock: Get<Timing>;
        /// Tick of the block.
        type Time: ChainTime;
        /// Taken for an order's room in the state until it is over; at least what an account must have.
        #[pallet::constant]
        type Deposit: Get<Balance>;
        /// What the pallet's work costs.
        type WeightInfo: WeightInfo;
        /// Sets the scene for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Helper: BenchmarkHelper<Self::AccountId>;
    }

    /// Number of the next order.
    #[pallet::storage]
    pub type NextOrder<T> = StorageValue<_, OrderId, ValueQuery>;

    /// Orders that are not over. Written by `open.rs` and `money.rs`.
    #[pallet::storage]
    pub type Orders<T: Config> = StorageMap<_, Twox64Concat, OrderId, Order<T::AccountId>>;

    /// Orders by the block that draws their nodes, for each service. Written by `open.rs`.
    #[pallet::storage]
    pub type Draws<T> = StorageDoubleMap<
        _,
        Twox64Concat,
        BlockNumber,
        Twox64Concat,
        Service,
        BoundedVec<OrderId, ConstU32<MAX_ORDERS_PER_BLOCK>>,
        ValueQuery,
    >;

    /// Orders whose nodes are drawn, in the order in which their time ends, for each service. Written by `open.rs`.
    #[pallet::storage]
    pub type Queue<T> = StorageDoubleMap<_, Twox64Concat, Service, Twox64Concat, u64, OrderId>;

    /// Ends of [`Queue`].
    #[pallet::storage]
    pub type QueueEnds<T> = StorageMap<_, Twox64Concat, Service, Ends, ValueQuery>;

    /// Number of pledges.
    #[pallet::storage]
    pub type PledgeCount<T> = StorageValue<_, u32, ValueQuery>;

    /// Pledges, numbered without gaps: the order, and the place in it. Written by `storage.rs`.
    #[pallet::storage]
    pub type Pledges<T> = StorageMap<_, Twox64Concat, u32, (OrderId, u8)>;

    /// Challenges without an answer yet. Written by `storage.rs`.
    #[pallet::storage]
    pub type OpenChallenges<T> = StorageValue<_, BoundedVec<OpenChallenge, ConstU32<MAX_OPEN_CHALLENGES>>, ValueQuery>;

    /// Tick of the last block. Written by `clock.rs`.
    #[pallet::storage]
    pub type LastTick<T> = StorageValue<_, Tick>;

    /// Ticks that count for no order: those of outages and migrations. Written by `clock.rs`.
    #[pallet::storage]
    pub type Halted<T> = StorageValue<_, Tick, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    // Fields without a comment say it by their names.
    #[allow(missing_docs)]
    pub enum Event<T: Config> {
        /// An order is paid. Its nodes are drawn some blocks later.
        Opened {
            order: OrderId,
            /// Who pays.
            owner: T::AccountId,
            /// For what.
            job: Job,
            /// Nodes to draw.
            places: u8,
            /// The protocol's share for each of them.
            burn: Balance,
        },
        /// Its nodes are drawn, and the protocol's share of their places is burned.
        Drawn {
            order: OrderId,
            /// The nodes; none if none was found, and all money goes back.
            places: BoundedVec<Worker<T::AccountId>, ConstU32<MAX_PLACES>>,
            /// The last tick whose block takes a proof.
            until: Tick,
            /// What was burned.
            burned: Balance,
        },
        /// A relay has redeemed its receipt.
        Redeemed {
            session: OrderId,
            relay: NodeKey,
            /// The entity that the work counts for.
            entity: T::AccountId,
            /// Bytes that it passed on.
            bytes: u64,
            /// What its owner was paid.
            paid: Balance,
        },
        /// A node says that it holds a deal's data.
        Pledged { deal: OrderId, node: NodeKey },
        /// A holder must answer.
        Challenged {
            /// The question.
            challenge: Challenge,
        },
        /// It has.
        Answered {
            deal: OrderId,
            node: NodeKey,
            /// The entity that the work counts for.
            entity: T::AccountId,
            slot: SlotNumber,
            /// Bytes proven.
            bytes: u64,
            /// What its owner was paid.
            paid: Balance,
        },
        /// It has not, in time: nothing counts, nothing is paid.
        Missed { deal: OrderId, node: NodeKey, slot: SlotNumber },
        /// Nothing more is asked of it: its challenges are used up, it missed three in a row, or the deal's time is over.
        PledgeEnded { deal: OrderId, node: NodeKey },
        /// All orders have so many ticks more: the chain stood, or a migration ran.
        Extended { ticks: Tick },
        /// A challenge was withdrawn, because there were too few blocks to answer in.
        Withdrawn { deal: OrderId, node: NodeKey, slot: SlotNumber },
        /// An order is over.
        Closed {
            order: OrderId,
            /// Who paid.
            owner: T::AccountId,
            /// What went back to it, the deposit included.
            refunded: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// An order has one to three places.
        Places,
        /// A session is for 5 MB at least, and 500 MB at most.
        Volume,
        /// A deal is for one byte at least, and 16 GiB at most.
        DataLength,
        /// A deal pays for one challenge at least, and 5,040 at most.
        Challenges,
        /// The protocol's share is above what the owner is ready to burn: ask `burn_per_credit` for the present one.
        BurnTooHigh,
        /// No validator of the set offers this service.
        NobodyOffers,
        /// The price is more than all the money there is.
        PriceTooHigh,
        /// A node cannot be a session's client.
        ClientIsNode,
        /// This block has as many new orders as it takes: try again in the next one.
        BlockFull,
        /// There is no such order, or it is over.
        UnknownOrder,
        /// The order is for another kind of work.
        WrongJob,
        /// Its nodes are not drawn yet.
        NotDrawn,
        /// The node is none of the order's.
        WrongNode,
        /// The time for it is over.
        Late,
        /// The receipt is for nothing.
        NothingRelayed,
        /// The receipt is for more than was paid.
        BeyondVolume,
        /// The relay has redeemed its receipt of this session.
        AlreadyRedeemed,
        /// The node has pledged already, or its pledge is over.
        AlreadyPledged,
        /// There is no such challenge: it was not asked, or was answered.
        NoChallenge,
        /// The segment has another length.
        SegmentLength,
        /// Segment and path do not lead to the deal's root.
        BadProof,
        /// The client's signature is not of this receipt, on this chain.
        BadClientSignature,
        /// The node's signature is not of this, on this chain.
        BadNodeSignature,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::begin_block(sp_runtime::traits::UniqueSaturatedInto::unique_saturated_into(now))
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Opens a relay session. Taken: for each relay, the price of `volume` and the protocol's share, which is burned when the
        /// relays are drawn, whatever is used. What relays do not earn comes back at the end.
        #[pallet::call_index(0)]
        // Three reads are newer than the benchmark: the candidates, and where the owner stands.
        #[pallet::weight(<T as Config>::WeightInfo::open().saturating_add(T::DbWeight::get().reads(3)))]
        pub fn open_session(
            origin: OriginFor<T>,
            client: sr25519::Public,
            volume: u64,
            relays: u8,
            price_per_mb: Balance,
            max_burn_per_credit: Balance,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_open(owner, Job::Relay { client, volume, price_per_mb }, relays, max_burn_per_credit)
        }

        /// Opens a storage deal for the data whose segments have this root. Taken: for each holder, the price of `challenges`
        /// answers and the protocol's share, which is burned when the holders are drawn.
        #[pallet::call_index(1)]
        // Three reads are newer than the benchmark: the candidates, and where the owner stands.
        #[pallet::weight(<T as Config>::WeightInfo::open().saturating_add(T::DbWeight::get().reads(3)))]
        pub fn open_deal(
            origin: OriginFor<T>,
            root: [u8; 32],
            bytes: u64,
            holders: u8,
            challenges: u32,
            price: Balance,
            max_burn_per_credit: Balance,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_open(owner, Job::Storage { root, bytes, challenges, price }, holders, max_burn_per_credit)
        }

        /// Settles a relay's part of a session by its last receipt. Unsigned and free; once for each relay and session.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::redeem())]
        pub fn redeem(origin: OriginFor<T>, redemption: Redemption) -> DispatchResult {
            ensure_none(origin)?;
            Self::do_redeem(&redemption)
        }

        /// A holder's word that it has the data: it is challenged from now on. Unsigned and free; once for each holder and deal.
        #[pallet::call_index(3)]
        #[pallet::weight(<T as Config>::WeightInfo::pledge())]
        pub fn pledge(origin: OriginFor<T>, pledge: Pledge) -> DispatchResult {
            ensure_none(origin)?;
            Self::do_pledge(&pledge)
        }

        /// A holder's answer to a challenge. Unsigned and free; once for each challenge.
        #[pallet::call_index(4)]
        // The last answer of a deal closes it, too, which the benchmark does not.
        #[pallet::weight(<T as Config>::WeightInfo::answer().saturating_add(<T as Config>::WeightInfo::close(1)))]
        pub fn answer(origin: OriginFor<T>, answer: Answer) -> DispatchResult {
            ensure_none(origin)?;
            Self::do_answer(&answer)
        }
    }

    // The SDK's own reports still use it: one way to judge what nobody signed.
    #[allow(deprecated)]
    #[pallet::validate_unsigned]
    impl<T: Config> ValidateUnsigned for Pallet<T> {
        type Call = Call<T>;

        // Before a block takes it in, it is asked with the source `InBlock`.
        fn validate_unsigned(_: TransactionSource, call: &Self::Call) -> TransactionValidity {
            match call {
                Call::redeem { redemption } => Self::validate_redemption(redemption),
                Call::pledge { pledge } => Self::validate_pledge(pledge),
                Call::answer { answer } => Self::validate_answer(answer),
                _ => InvalidTransaction::Call.into(),
            }
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// An order that is not over.
        pub fn order(id: OrderId) -> Option<Order<T::AccountId>> {
            Orders::<T>::get(id)
        }

        /// What is burned for each credit of an order that is opened now; `None` if nobody offers the service.
        pub fn burn_per_credit(service: Service) -> Option<Balance> {
            T::CreditPrice::of(service)
        }

        /// Challenges without an answer yet.
        pub fn challenges() -> BoundedVec<OpenChallenge, ConstU32<MAX_OPEN_CHALLENGES>> {
            OpenChallenges::<T>::get()
        }
    }
}
