import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blockReward, rateOf, strikes, year, YEAR_S } from './model.mjs';

const APR = { first: 0.12, step: 0.02, floor: 0.04 };
const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-6 * Math.max(1, Math.abs(expected)), `${found}, not ${expected}`);

describe('a validator\'s economics', () => {
  it('lets the rate fall to its floor', () => {
    for (const [i, rate] of [0.12, 0.1, 0.08, 0.06, 0.04, 0.04].entries()) near(rateOf(APR, i), rate);
  });

  it('pays the rate over a year of blocks, less the workers\' share', () => {
    const block = blockReward({ reward: APR, workers: 0.3, tickSeconds: 5, activeStake: 1_000_000, year: 0 });
    near((block * YEAR_S) / 5, 1_000_000 * 0.12 * 0.7);
    near(blockReward({ reward: { fixed: 10 }, workers: 0.3 }), 7);
  });

  it('divides rewards as the chain does: commission, then by stake', () => {
    const plan = {
      reward: { fixed: 10 }, workers: 0.3, ownStake: 10_000, delegated: 20_000, commission: 0.1, validators: 4, activeStake: 0,
      uptime: 1, tickSeconds: 5, feesPerBlock: 0, costs: 0, year: 0,
    };
    const { blocks, rewards, commission, own, delegators } = year(plan);
    near(blocks, YEAR_S / 5 / 4);
    near(rewards, blocks * 7);
    // The example of pallets/staking/src/tests/rewards.rs: of 7, 2.8 for the validator and 4.2 for its delegators.
    near((commission + own) / blocks, 2.8);
    near(delegators / blocks, 4.2);
    near(year({ ...plan, delegated: 0 }).own, rewards);
  });

  it('knows what absence costs', () => {
    assert.deepEqual(strikes({ ownStake: 10_000, delegated: 1_000 }), [
      { own: 500, delegated: 50 }, { own: 1_000, delegated: 100 }, { own: 10_000, delegated: 100 },
    ]);
  });
});
