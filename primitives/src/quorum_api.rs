//! Runtime API of what validators sign together. In the metadata (v15 and later), so clients call it without custom
//! types.

use alloc::vec::Vec;
use codec::Codec;

use crate::quorum::{RoundInfo, Topic};

sp_api::decl_runtime_apis! {
    /// Tells what validators sign, and who has.
    pub trait QuorumApi<AccountId>
    where
        AccountId: Codec,
    {
        /// What the validators of this block's slot sign; `None` if the slot has no round.
        fn topic() -> Option<Topic>;

        /// The rounds that take signatures, the latest first: this slot's, and that of the slot with blocks before it.
        fn rounds() -> Vec<RoundInfo<AccountId>>;
    }
}
