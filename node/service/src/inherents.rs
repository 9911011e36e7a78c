//! The data a block's author puts in without a transaction: tick, time, the VRF of its key, and what
//! validators have signed together.
//!
//! The VRF is made before anybody knows whether this node will author, from the parent's state alone; that is why the runtime
//! asks for the *parent's* randomness. A node that does not hold the key of the tick provides none.

use codec::Decode;
use ergon_primitives::{
    api::WorkCreditsApi,
    time::Tick,
    vrf::{self, InherentError, TickVrf, VrfClaim},
    AuraId,
};
use sc_consensus_aura::{InherentDataProvider as AuraInherent, SlotDuration};
use sp_api::ProvideRuntimeApi;
use sp_core::{crypto::key_types::AURA, sr25519};
use sp_inherents::{InherentData, InherentDataProvider, InherentIdentifier};
use sp_keystore::Keystore;
use sp_timestamp::InherentDataProvider as TimestampInherent;

use crate::{
    quorum::{provider::QuorumInherent, votes::SharedVotes},
    seal_watch::NodeSealMemory,
    types::{FullClient, Hash},
};

/// The error type that inherent data providers are made with.
pub(crate) type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// A tuple, because the slot worker finds the slot in its first place.
pub(crate) type Providers = (AuraInherent, TimestampInherent, VrfInherent, QuorumInherent);

/// Providers for authoring on top of `parent` now. An error if this node's key sealed the tick before, so that no second block
/// is even begun.
pub(crate) fn for_authoring(
    client: &FullClient,
    keystore: &dyn Keystore,
    memory: &NodeSealMemory,
    votes: &SharedVotes,
    slot_duration: SlotDuration,
    parent: Hash,
) -> Result<Providers, BoxedError> {
    let (aura, timestamp) = clock(slot_duration);
    let tick = u64::from(*aura);
    let claim = client.runtime_api().vrf_claim(parent, tick)?;
    let tick_vrf = match claim {
        Some(claim) => sign_tick(keystore, tick, &claim)?.map(|signed| (signed, claim.key)),
        None => None,
    };
    let tick_vrf = match tick_vrf {
        Some((_, key)) if memory.header_by(&key, tick)?.is_some() => {
            return Err(format!("tick {tick} was sealed before with this node's key").into());
        }
        signed => signed.map(|(tick_vrf, _)| tick_vrf),
    };
    let quorum = match &tick_vrf {
        Some(_) => QuorumInherent::on_top_of(client, votes, parent),
        // There is no block to make.
        None => QuorumInherent::default(),
    };
    Ok((aura, timestamp, VrfInherent { tick_vrf }, quorum))
}

/// Providers for checking somebody else's block. They sign nothing; the VRF's only explains what the runtime found missing.
pub(crate) fn for_verification(slot_duration: SlotDuration) -> Providers {
    let (aura, timestamp) = clock(slot_duration);
    (aura, timestamp, VrfInherent { tick_vrf: None }, QuorumInherent::default())
}

fn clock(slot_duration: SlotDuration) -> (AuraInherent, TimestampInherent) {
    let timestamp = TimestampInherent::from_system_time();
    let aura = AuraInherent::from_timestamp_and_slot_duration(timestamp.timestamp(), slot_duration);
    (aura, timestamp)
}

/// Signs `tick` if the keystore holds the key that owes it.
fn sign_tick(keystore: &dyn Keystore, tick: Tick, claim: &VrfClaim<AuraId>) -> Result<Option<TickVrf>, BoxedError> {
    let key = sr25519::Public::from(claim.key.clone());
    let signature = keystore
        .sr25519_vrf_sign(AURA, &key, &vrf::sign_data(tick, &claim.randomness))
        .map_err(|error| format!("the keystore could not sign the VRF of tick {tick}: {error:?}"))?;
    Ok(signature.map(TickVrf::from))
}

/// Provides the VRF of one tick, if this node could sign it.
pub(crate) struct VrfInherent {
    tick_vrf: Option<TickVrf>,
}

#[async_trait::async_trait]
impl InherentDataProvider for VrfInherent {
    async fn provide_inherent_data(&self, data: &mut InherentData) -> Result<(), sp_inherents::Error> {
        match &self.tick_vrf {
            Some(tick_vrf) => data.put_data(vrf::INHERENT_IDENTIFIER, tick_vrf),
            None => Ok(()),
        }
    }

    async fn try_handle_error(
        &self,
        identifier: &InherentIdentifier,
        mut error: &[u8],
    ) -> Option<Result<(), sp_inherents::Error>> {
        if *identifier != vrf::INHERENT_IDENTIFIER {
            return None;
        }
        let reason = match InherentError::decode(&mut error).ok()? {
            InherentError::Missing => "the block carries no VRF of its author",
        };
        Some(Err(sp_inherents::Error::Application(reason.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use futures::executor::block_on;
    use sp_keystore::testing::MemoryKeystore;

    const TICK: Tick = 7;
    const RANDOMNESS: [u8; 32] = [9; 32];

    fn claim(key: sr25519::Public) -> VrfClaim<AuraId> {
        VrfClaim { key: key.into(), randomness: RANDOMNESS }
    }

    #[test]
    fn the_owner_of_the_tick_provides_a_vrf_that_verifies() {
        let keystore = MemoryKeystore::new();
        let key = keystore.sr25519_generate_new(AURA, Some("//Alice")).expect("memory keystores accept keys");

        let tick_vrf = sign_tick(&keystore, TICK, &claim(key)).expect("signing works").expect("the key is ours");
        assert!(tick_vrf.verify(&key, TICK, &RANDOMNESS).is_some());

        let data = block_on(VrfInherent { tick_vrf: Some(tick_vrf) }.create_inherent_data()).expect("it encodes");
        assert_eq!(data.get_data::<TickVrf>(&vrf::INHERENT_IDENTIFIER).expect("it decodes"), Some(tick_vrf));
    }

    #[test]
    fn everybody_else_provides_nothing() {
        let (ours, theirs) = (MemoryKeystore::new(), MemoryKeystore::new());
        ours.sr25519_generate_new(AURA, Some("//Alice")).expect("memory keystores accept keys");
        let bob = theirs.sr25519_generate_new(AURA, Some("//Bob")).expect("memory keystores accept keys");

        let tick_vrf = sign_tick(&ours, TICK, &claim(bob)).expect("a foreign key is no error");
        assert_eq!(tick_vrf, None);

        let data = block_on(VrfInherent { tick_vrf }.create_inherent_data()).expect("nothing encodes");
        assert_eq!(data.get_data::<TickVrf>(&vrf::INHERENT_IDENTIFIER).expect("nothing decodes"), None);
    }

    #[test]
    fn a_block_without_vrf_is_explained() {
        let provider = VrfInherent { tick_vrf: None };
        let error = InherentError::Missing.encode();
        let handled = block_on(provider.try_handle_error(&vrf::INHERENT_IDENTIFIER, &error)).expect("it is our error");
        let message = handled.expect_err("it is fatal").to_string();
        assert_eq!(message, "the block carries no VRF of its author");
        assert!(block_on(provider.try_handle_error(b"timstap0", &error)).is_none(), "others' errors are theirs");
    }
}
