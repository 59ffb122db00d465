import type { BillingAction } from './action';
import { cancelAtEnd, cancelNow, keep } from './cancel';
import { letter } from './letter';
import { refund } from './refund';
import { sync } from './sync';

/** Everything an admin can do to a member's payments. */
export const ACTIONS: readonly BillingAction[] = [sync, cancelAtEnd, cancelNow, keep, refund, letter];
