import {
  accessEnd,
  resolveAccess,
  type AccountFacts,
  type Grant,
  type AccessLevel,
} from '../../../access/account-access';
import { formatMoment } from '../../../accounts/own/format';
import type { Facts } from '../../../stores/postgres/audit';
import type { ActionPage } from '../../page-types';
import type { ActionContext } from './action';

/** How far somebody reads before and after, for the page and for the audit log. */
export interface AccessPreview {
  readonly changes: ActionPage['changes'];
  readonly before: Facts;
  readonly after: Facts;
}

/** What a change of facts does to how far a member reads: asked of the rule itself, with the facts as they will be. */
export function previewAccess(
  { member, tiers, now, language }: ActionContext,
  changed: Partial<AccountFacts>,
): AccessPreview {
  const { say } = language;
  const [was, is] = [member.standing, resolveAccess({ ...member.facts, ...changed }, tiers.all, now)];
  const reads = ({ reason: because, tier }: AccessLevel) =>
    because === null
      ? say('admin.reads.public')
      : 'role' in because
        ? say('admin.reads.all')
        : tiers.nameOf(tier ?? because.grant.tier);
  const until = ({ reason: because }: AccessLevel) =>
    because === null
      ? say('admin.fact.none')
      : 'role' in because || because.grant.until === null
        ? say('admin.until.open')
        : formatMoment(language, because.grant.until);
  return {
    changes: [
      { what: say('admin.fact.reads'), before: reads(was), after: reads(is) },
      { what: say('admin.fact.until'), before: until(was), after: until(is) },
    ],
    before: factsOf(was),
    after: factsOf(is),
  };
}

function factsOf({ rank, tier, reason: because }: AccessLevel): Facts {
  return {
    rank,
    tier,
    until: accessEnd({ reason: because })?.toISOString() ?? null,
  };
}

/** The same, with what becomes of one grant, for the audit log. */
export function withGrant(foreseen: AccessPreview, before: GrantFacts | null, after: GrantFacts): AccessPreview {
  return {
    changes: foreseen.changes,
    before: { ...foreseen.before, ...(before ? grantFacts(before) : {}) },
    after: { ...foreseen.after, ...grantFacts(after) },
  };
}

type GrantFacts = Pick<Grant, 'tier' | 'source' | 'until' | 'revokedAt'>;

function grantFacts({ tier, source, until, revokedAt }: GrantFacts): Facts {
  return {
    grant: tier,
    source,
    'grant-until': until?.toISOString() ?? null,
    ...(revokedAt === null ? {} : { revoked: revokedAt.toISOString() }),
  };
}
