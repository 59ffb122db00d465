import { openingOf, requiredTier, tierOfKind } from '../../access/matrix';
import { TEMPORARY_KEY } from '../../briefings/content';
import { formatInstant } from '../../briefings/reading/cards';
import { LEVELS } from '../../briefings/vocabulary';
import { longNameIn } from '../../site/shape/shape';
import type { EditRow, EditRows } from '../page-types';
import { box, choice, freshKey, momentBox, readersOf, sides, tierName, type Making } from './boxes';
import { rowLabel } from './fields';
import { sayRemoved, type removedRows } from './put-back';
import {
  gatingFields,
  groupsOf,
  keysOf,
  ORGANIZATIONS,
  passageName,
  slotsIn,
  SOURCES,
  type Group,
  type Slot,
} from './slots';

/** What else the rows of a page depend on. */
export interface RowNotices {
  /** A group to show one more, empty row of. */
  readonly add: Group | null;
  /** Rows that can be put back. */
  readonly removed: ReturnType<typeof removedRows>;
}

/** Every group with its rows. One of a kind that is offered no more is there while it has any. */
export function editRows(making: Making, notices: RowNotices): EditRows[] {
  const { editorContext, content } = making;
  return groupsOf(editorContext.shape)
    .filter((group) => {
      const slots = slotsIn(editorContext.shape, group);
      const isOpen = slots.length === 0 || slots.some(({ kind }) => !kind.retired);
      return (
        isOpen || keysOf(editorContext.shape, content, group).length > 0 || group === SOURCES || group === ORGANIZATIONS
      );
    })
    .map((group) => groupRows(making, group, notices));
}

const hasOwnHeading = (group: Group): boolean => group === SOURCES || group === ORGANIZATIONS;

function groupRows(making: Making, group: Group, { add, removed }: RowNotices): EditRows {
  const { language, editorContext, content } = making;
  const { say } = language;
  const [slot] = slotsIn(editorContext.shape, group);
  const own = hasOwnHeading(group);
  const tier = own || !slot ? null : tierName(making, tierOfKind(editorContext.matrix, slot.kind.slug).slug);
  const keys = keysOf(editorContext.shape, content, group);
  const kind = slot ? longNameIn(slot.kind, language) : group;
  // Of one text there is one; where there are more they stay.
  const more = own || slot?.kind.retired === false;
  const full = !own && slot?.kind.shape === 'one-text' && keys.length > 0;
  return {
    group,
    heading: own ? say(`desk.group.${group}`) : kind,
    intro: say(own ? `desk.group.intro.${group}` : 'desk.group.intro'),
    tier: tier && { ...tier, readers: readersOf(language, tier) },
    add: more && !full ? say(own ? `desk.add.${group}` : 'desk.add', { kind: rowKind(making, group) }) : null,
    rows: [
      ...keys.map((key, index) => editRow(making, group, key, index + 1)),
      ...(add === group ? [editRow(making, group, freshKey(), null)] : []),
    ],
    removed: removed
      .filter((row) => row.group === group)
      .map((row) => ({
        label: sayRemoved(editorContext.shape, language, row),
        value: `put-back ${group} ${row.key}`,
      })),
    blank: editRow(making, group, `${TEMPORARY_KEY}blank`, null),
  };
}

const rowKind = ({ editorContext, language }: Making, group: Group): string =>
  rowLabel(editorContext.shape, language, group, '').trim();

function editRow(making: Making, group: Group, key: string, number: number | null): EditRow {
  const { language, editorContext } = making;
  const { say } = language;
  const at = `${group}.${key}`;
  const fresh = hasOwnHeading(group)
    ? say(`desk.row.new.${group}`)
    : say('desk.row.new', { kind: rowKind(making, group) });
  const url = () => box(making, `${at}.url`, say('desk.field.row.url'), 'address');
  const risks = LEVELS.map((level) => [level, say(`risk.${level}`)] as const);
  return {
    key,
    heading: number === null ? fresh : rowLabel(editorContext.shape, language, group, number),
    boxes:
      group === SOURCES
        ? [url()]
        : group === ORGANIZATIONS
          ? [box(making, `${at}.name`, say('desk.field.row.name'), 'line'), url()]
          : [],
    choices:
      group === SOURCES
        ? [choice(making, `${at}.risk`, say('desk.field.row.risk'), [['', say('desk.choose')], ...risks])]
        : [],
    sides:
      group === SOURCES
        ? [
            sides(making, `${at}.title`, say('desk.field.row.title'), 'line'),
            sides(making, `${at}.description`, say('desk.field.row.description'), 'text'),
          ]
        : [],
    notes: slotsIn(editorContext.shape, group)
      .filter((slot) => !slot.kind.retired || saysAny(making, slot, key))
      .map((slot) => gatedNote(making, slot, key)),
  };
}

const saysAny = ({ values }: Making, { group, part }: Slot, key: string): boolean =>
  [...values.keys()].some((name) => name.startsWith(`${group}.${key}.${part}.`));

/** The gated text of a row, with who will read it and what may make it stricter. */
function gatedNote(making: Making, slot: Slot, key: string): EditRow['notes'][number] {
  const { language, editorContext, content, now } = making;
  const { say } = language;
  const { matrix } = editorContext;
  const kind = slot.kind.slug;
  const ofKind = tierOfKind(matrix, kind);
  const name = passageName(slot, key);
  const passage = { kind, tier: content.stricter[name] ?? null, until: content.until[name] ?? null };
  const tier = tierName(making, requiredTier(matrix, passage, now).slug);
  const opening = openingOf(matrix, passage, now);
  const higher = matrix.tiers.filter(({ rank }) => rank > ofKind.rank);
  const kindTier = tierName(making, ofKind.slug).name;
  const fields = gatingFields(slot, key);
  return {
    tier,
    readers: opening
      ? say('desk.readers.until', {
          tier: tier.name,
          moment: formatInstant(opening.at, language).text,
          then: tierName(making, opening.tier.slug).name,
        })
      : readersOf(language, tier),
    sides: sides(making, `${slot.group}.${key}.${slot.part}`, longNameIn(slot.kind, language), 'markdown'),
    gating:
      higher.length === 0
        ? null
        : {
            stricter: choice(making, fields.tier, say('desk.field.row.tier'), [
              ['', say('desk.tier.kind', { tier: kindTier })],
              ...higher.map(
                ({ slug }) => [slug, say('desk.tier.only', { tier: tierName(making, slug).name })] as const,
              ),
            ]),
            until: momentBox(making, fields.until, say('desk.field.row.until', { zone: language.zone })),
            hint: say('desk.hint.until', { tier: kindTier }),
          },
  };
}
