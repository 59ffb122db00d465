import type { Language } from '../../../lib/language';
import type { Facts } from '../../../stores/postgres/audit';
import type { WallTransaction } from '../../../stores/postgres/wall';
import type { ActionPage, AdminField } from '../../page-types';
import type { Staff } from '../../staff';
import type { TierNames } from '../../tier-names';
import type { MemberRead } from '../member';

/** One member, and what somebody asks to do to them. */
export interface ActionContext {
  readonly member: MemberRead;
  readonly tiers: TierNames;
  readonly now: Date;
  readonly language: Language;
  /** What the form sent, or the address says: the choices made so far. */
  readonly asked: Readonly<Record<string, string>>;
}

/**
 * What would be done: refused with a sentence, in want of a choice, or ready, saying exactly what will happen and able
 * to do just that. The same preparation is shown before and carried out after, so that the two cannot differ.
 */
export type Prepared =
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'open'; readonly fields: readonly AdminField[] }
  | {
      readonly is: 'ready';
      /** The choices, to be sent along. */
      readonly chosen: Readonly<Record<string, string>>;
      readonly changes: ActionPage['changes'];
      readonly happens: readonly string[];
      /** For the audit log. */
      readonly before: Facts | null;
      readonly after: Facts | null;
      /** Does it, in the registrar's transaction. */
      act(db: WallTransaction, reason: string | null): Promise<void>;
    };

export const ACTION_NAMES = [
  'comp',
  'extend',
  'revoke',
  'suspend',
  'unsuspend',
  'role',
  'reset-letter',
  'verification-letter',
  'lift-mail-block',
  'end-sessions',
  'delete',
] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

type GrantRow = MemberRead['grants'][number];

/** Something staff can do to a member. */
export interface MemberAction {
  readonly name: ActionName;
  /** Of a grant: the address says which. */
  readonly of: 'member' | 'grant';
  readonly roles: readonly Staff['role'][];
  /** Must a reason be given? Wherever it changes what somebody may do or read. */
  readonly reasoned: boolean;
  /** Can it not be undone, or does it shut somebody out? */
  readonly grave: boolean;
  /** Does it change what somebody may read or do, so that what they go on paying must be said? */
  readonly charged: boolean;
  /** Is there anything for it to do? */
  readonly offered: (member: MemberRead) => boolean;
  readonly offeredFor: (grant: GrantRow, now: Date) => boolean;
  readonly prepare: (context: ActionContext) => Prepared;
}

const never = () => false;

/** An action on the member, as it is unless it says otherwise: for admins, with a reason. */
export const onMember = (action: Pick<MemberAction, 'name' | 'prepare'> & Partial<MemberAction>): MemberAction => ({
  of: 'member',
  roles: ['admin'],
  reasoned: true,
  grave: false,
  charged: false,
  offered: () => true,
  offeredFor: never,
  ...action,
});

/** An action on one of the member's grants. */
export const onGrant = (
  action: Pick<MemberAction, 'name' | 'prepare' | 'offeredFor'> & Partial<MemberAction>,
): MemberAction => ({
  of: 'grant',
  roles: ['admin'],
  reasoned: true,
  grave: false,
  charged: true,
  offered: never,
  ...action,
});

export const refused = (why: string): Prepared => ({ is: 'refused', why });

/** The grant the address names, if it is one of the member's. */
export const grantOf = ({ member, asked }: ActionContext): GrantRow | undefined =>
  member.grants.find(({ id }) => id === asked['grant']);
