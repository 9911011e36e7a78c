//! Puts into a block what its chain still misses of the votes that this node has.
//!
//! Cheap, one question to the runtime and no signature verified, and it never keeps a block from being made: the
//! runtime sifts what it is offered once more before it takes it in.

use ergon_primitives::{
    quorum::{Batch, INHERENT_IDENTIFIER},
    quorum_api::QuorumApi,
    AccountId,
};
use log::{debug, warn};
use sp_api::ProvideRuntimeApi;
use sp_inherents::{InherentData, InherentDataProvider, InherentIdentifier};

use super::{votes::SharedVotes, LOG_TARGET};
use crate::types::{Block, Hash};

/// Provides a batch, if there is one.
#[derive(Default)]
pub(crate) struct QuorumInherent {
    batch: Option<Batch>,
}

impl QuorumInherent {
    /// The batch for a block on top of `parent`.
    pub(crate) fn on_top_of<C>(client: &C, votes: &SharedVotes, parent: Hash) -> Self
    where
        C: ProvideRuntimeApi<Block>,
        C::Api: QuorumApi<Block, AccountId>,
    {
        let batch = match client.runtime_api().rounds(parent) {
            Ok(rounds) => votes.lock().batch(&rounds),
            Err(error) => {
                warn!(target: LOG_TARGET, "The block on top of {parent:?} carries no votes: {error}");
                None
            }
        };
        if let Some(batch) = &batch {
            debug!(target: LOG_TARGET, "Offering {} votes of slot {}", batch.signatures.len(), batch.slot);
        }
        Self { batch }
    }
}

#[async_trait::async_trait]
impl InherentDataProvider for QuorumInherent {
    async fn provide_inherent_data(&self, data: &mut InherentData) -> Result<(), sp_inherents::Error> {
        if let Some(batch) = &self.batch {
            if let Err(error) = data.put_data(INHERENT_IDENTIFIER, batch) {
                warn!(target: LOG_TARGET, "This block carries no votes: {error}");
            }
        }
        Ok(())
    }

    // The runtime reports none: a bad batch fails where it is dispatched.
    async fn try_handle_error(&self, _: &InherentIdentifier, _: &[u8]) -> Option<Result<(), sp_inherents::Error>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quorum::scene::*;
    use ergon_primitives::quorum::RoundInfo;
    use futures::executor::block_on;
    use sp_api::{ApiError, ApiRef};
    use std::sync::Mutex;

    /// A chain with these rounds; or one that does not answer.
    #[derive(Clone)]
    struct Chain(Option<Vec<RoundInfo<AccountId>>>);

    impl ProvideRuntimeApi<Block> for Chain {
        type Api = Self;
        fn runtime_api(&self) -> ApiRef<'_, Self> {
            self.clone().into()
        }
    }

    sp_api::mock_impl_runtime_apis! {
        impl QuorumApi<Block, AccountId> for Chain {
            fn topic() -> Option<ergon_primitives::quorum::Topic> {
                None
            }

            #[advanced]
            fn rounds(&self, _: Hash) -> Result<Vec<RoundInfo<AccountId>>, ApiError> {
                self.0.clone().ok_or_else(|| ApiError::Application("no answer".into()))
            }
        }
    }

    fn provided(chain: &Chain, votes: &SharedVotes, twice: &Mutex<InherentData>) -> Option<Batch> {
        let inherent = QuorumInherent::on_top_of(chain, votes, Hash::zero());
        let mut data = InherentData::new();
        block_on(inherent.provide_inherent_data(&mut data)).expect("never fails");
        let mut twice = twice.lock().expect("one thread");
        block_on(inherent.provide_inherent_data(&mut twice)).expect("not even if it is there already");
        data.get_data(&INHERENT_IDENTIFIER).expect("decodes")
    }

    #[test]
    fn a_block_is_offered_what_it_can_take_and_nothing_else() {
        let rounds = vec![round(topic(7, 0), 4, &[])];
        let votes = SharedVotes::default();
        votes.lock().refresh(&rounds);
        let (chain, twice) = (Chain(Some(rounds)), Mutex::new(InherentData::new()));
        (1..=2).for_each(|who| {
            votes.lock().add(vote(who, topic(7, 0)));
            assert_eq!(provided(&chain, &votes, &twice), None, "no quorum");
        });
        votes.lock().add(vote(3, topic(7, 0)));
        let batch = provided(&chain, &votes, &twice).expect("a quorum");
        assert_eq!((batch.slot, batch.signatures.len()), (7, 3));
        assert!(provided(&chain, &votes, &twice).is_some());
        let other_fork = Chain(Some(vec![round(topic(7, 1), 4, &[])]));
        assert_eq!(provided(&other_fork, &votes, &twice), None);
        assert_eq!(provided(&Chain(None), &votes, &twice), None, "a chain that does not answer");
    }
}
