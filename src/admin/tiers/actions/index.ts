import type { TierAction } from './action';
import { deleteTier } from './delete';
import { changeJoining } from './joining';
import { makeTier } from './make';
import { moveTier } from './move';
import { offerTier, retireTier } from './retire';

/** What can be done with one tier, in the order it is offered. */
export const TIER_ACTIONS: readonly TierAction[] = [moveTier, changeJoining, retireTier, offerTier, deleteTier];

export { makeTier };
