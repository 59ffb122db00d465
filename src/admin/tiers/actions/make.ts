import { oneLine, isPrintable } from '../../../lib/line';
import { slugOf } from '../../../lib/slug';
import { EMBLEMS, isFreeToJoin, WAYS_IN, type WayIn } from '../../../membership/tiers';
import { inputField, selectField } from '../../fields';
import { LONGEST_NAME } from '../tier-texts';
import { belowField, placementAbove, applyRanks } from './place';
import { joiningOptions } from './joining';
import { nameIn, refused, type PreparedTier, type TierAction, type TierRequest } from './action';

/** Ends of addresses below `/join` that are taken. */
const RESERVED: readonly string[] = ['sent', 'confirm', 'done'];

/** Makes a tier between two others or above all. */
export const makeTier: TierAction = {
  name: 'tier-made',
  path: 'new',
  grave: false,
  offered: () => false,
  prepare: (request) => {
    const { facts, fields } = request;
    const draft = draftOf(fields);
    const errors = fields['name'] === undefined ? {} : faultsOf(request, draft);
    if (fields['name'] === undefined || Object.values(errors).some((fault) => fault !== null))
      return open(request, draft, errors);
    const placement = placementAbove(facts.tiers, draft.below);
    if (placement === null) return refused(request.language.say('admin.tiers.refused.no-rank'));
    return made(request, draft, placement);
  },
};

type Draft = Readonly<Record<'name' | 'slug' | 'below' | 'joining' | 'emblem', string>>;
type Faults = Readonly<Partial<Record<keyof Draft, string | null>>>;

function draftOf(fields: TierRequest['fields']): Draft {
  const name = oneLine(fields['name'] ?? '');
  const slug = (fields['slug'] ?? '').trim();
  return {
    name,
    slug: slug === '' ? slugOf(name) : slug,
    below: fields['below'] ?? '',
    joining: fields['joining'] ?? 'paid',
    emblem: fields['emblem'] ?? EMBLEMS[0],
  };
}

function faultsOf({ facts, languages }: TierRequest, { name, slug, below, joining, emblem }: Draft): Faults {
  const names = facts.tiers.flatMap(({ texts }) => texts).filter(({ lang }) => lang === languages.first.code);
  return {
    name:
      name === ''
        ? 'admin.tiers.wrong.name.missing'
        : [...name].length > LONGEST_NAME
          ? 'admin.tiers.wrong.name.long'
          : !isPrintable(name)
            ? 'admin.tiers.wrong.name.signs'
            : names.some((one) => one.name === name)
              ? 'admin.tiers.wrong.name.taken'
              : null,
    slug:
      !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) || slug.length > 80 || RESERVED.includes(slug)
        ? 'admin.tiers.wrong.slug'
        : facts.tiers.some((one) => one.slug === slug)
          ? 'admin.tiers.wrong.slug.taken'
          : null,
    below: facts.tiers.some((one) => one.slug === below) ? null : 'admin.wrong.tier',
    joining: !(WAYS_IN as readonly string[]).includes(joining)
      ? 'admin.wrong.tier'
      : joining === 'free' && facts.tiers.some(isFreeToJoin)
        ? 'admin.tiers.wrong.joining.taken'
        : null,
    emblem: (EMBLEMS as readonly string[]).includes(emblem) ? null : 'admin.tiers.wrong.emblem',
  };
}

function open({ facts, language, fields }: TierRequest, draft: Draft, errors: Faults): PreparedTier {
  const { say } = language;
  const error = (field: keyof Draft) => (errors[field] ? say(errors[field]) : null);
  return {
    is: 'open',
    fields: [
      inputField(language, 'name', 'text', draft.name, {
        hint: say('admin.tiers.new.name.hint'),
        error: error('name'),
      }),
      inputField(language, 'slug', 'text', fields['slug'] ?? '', {
        hint: say('admin.tiers.new.slug.hint'),
        error: error('slug'),
      }),
      belowField(language, facts.tiers, draft.below || facts.tiers.at(-1)!.slug, error('below')),
      selectField(language, 'joining', draft.joining, joiningOptions(language), { error: error('joining') }),
      selectField(
        language,
        'emblem',
        draft.emblem,
        EMBLEMS.map((value) => ({ value, label: say(`admin.tiers.emblem.${value}`) })),
        { error: error('emblem') },
      ),
    ],
  };
}

function made(
  { facts, language, languages, currency: ours }: TierRequest,
  draft: Draft,
  placement: NonNullable<ReturnType<typeof placementAbove>>,
): PreparedTier {
  const { say } = language;
  const { name, slug, below, joining, emblem } = draft;
  const neighbour = facts.tiers.find((one) => one.slug === below)!;
  const paid = facts.tiers.findLast((one) => one.joining === 'paid');
  const currency = ours === '' ? (paid ?? neighbour).currency : ours;
  return {
    is: 'ready',
    slug,
    chosen: draft,
    changes: [],
    happens: [
      say('admin.tiers.new.happens', { tier: name, below: nameIn(neighbour, language) }),
      say(`admin.tiers.new.happens.${joining as WayIn}`),
      say('admin.tiers.new.happens.next'),
    ],
    before: null,
    after: { rank: placement.rank, joining, 'tier-name': name },
    write: async (db) => {
      await applyRanks(db, facts.tiers, placement, null);
      const texts = { create: { lang: languages.first.code, name, blurb: '', benefits: [] } };
      await db.tier.create({
        data: { slug, rank: placement.rank, joining, emblem, currency, texts },
        select: { slug: true },
      });
    },
  };
}
