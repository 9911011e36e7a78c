//! When gathered randomness comes into use.

use crate::{mock::*, *};
use frame_support::traits::OnFinalize;

#[test]
fn what_an_epoch_gathers_is_used_two_epochs_later() {
    Chain::of(4).run(|| {
        // Epochs are 24 ticks: 600 begins epoch 25.
        blocks(600..624);
        let gathered = GatheredRandomness::<Test>::get();
        assert_ne!(gathered, [0; 32]);
        assert_eq!((EpochRandomness::<Test>::get(), NextRandomness::<Test>::get()), ([0; 32], [0; 32]));
        blocks(624..648);
        assert_eq!(EpochRandomness::<Test>::get(), [0; 32], "epoch 26 still uses genesis'");
        let waiting = NextRandomness::<Test>::get();
        assert_ne!(waiting, [0; 32]);
        block(648);
        assert_eq!(EpochRandomness::<Test>::get(), waiting, "epoch 27 uses what epoch 25 gathered");
        assert_ne!(NextRandomness::<Test>::get(), waiting);
    });
}

#[test]
fn a_gap_of_epochs_moves_the_randomness_once() {
    Chain::of(4).run(|| {
        blocks(600..624);
        block(624 + 24 * 10);
        assert_eq!(EpochRandomness::<Test>::get(), [0; 32]);
        assert_ne!(NextRandomness::<Test>::get(), [0; 32]);
    });
}

#[test]
fn the_first_block_of_an_epoch_signs_the_parents_randomness() {
    Chain::of(4).run(|| {
        blocks(600..648);
        let claim = WorkCredits::vrf_claim(648).expect("owned");
        begin(648);
        assert_eq!(PendingClaim::<Test>::get(), Some(claim.clone()));
        assert_ne!(EpochRandomness::<Test>::get(), claim.randomness, "the epoch has turned");
        WorkCredits::note_vrf(RuntimeOrigin::none(), vrf(648)).expect("verifies");
        AllPalletsWithSystem::on_finalize(System::block_number());
    });
}
