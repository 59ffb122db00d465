import type { MemberAction } from './action';
import { comp } from './comp';
import { deletion } from './delete';
import { endSessions } from './end-sessions';
import { extend } from './extend';
import { liftBlock, resetLetter, verificationLetter } from './letters';
import { revoke } from './revoke';
import { role } from './role';
import { suspend, unsuspend } from './suspend';

/** Everything staff can do to a member, in the order a page offers it. */
export const ACTIONS: readonly MemberAction[] = [
  comp,
  extend,
  revoke,
  resetLetter,
  verificationLetter,
  liftBlock,
  endSessions,
  role,
  suspend,
  unsuspend,
  deletion,
];
