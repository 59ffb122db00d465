import { openingOf, requiredTier } from '../../access/matrix';
import type { EditableBriefing } from '../../briefings/writing/working-copies';
import { formatInstant } from '../../briefings/reading/cards';
import type { Language } from '../../lib/language';
import { picturesIn } from '../../lib/markdown';
import type { BriefingShape } from '../../site/shape/shape';
import { readersOf, tierName } from '../editor/boxes';
import type { EditorContext } from '../editor/context';
import { fieldsOf, sayField } from '../editor/fields';
import { deskPicture, editorPath } from '../editor/page';
import { passageName, slotOfText } from '../editor/slots';
import { uploadHint } from '../files/upload-hints';
import type { DeskFrame } from '../page-types';
import type { PicturesPage } from './page-types';
import { idOf } from '../format';

/** The pictures of a briefing: each with where it stands, who will see it there, and the line that shows it. */
export function picturesPage(
  { id, content }: EditableBriefing,
  editorContext: EditorContext,
  language: Language,
  {
    frame,
    wrong: error,
    added,
    removed,
    now,
  }: {
    readonly frame: DeskFrame;
    readonly wrong: string | null;
    readonly added: string | null;
    /** Names that pictures had which were removed a short while ago; some may be there again. */
    readonly removed: readonly string[];
    readonly now: Date;
  },
): PicturesPage {
  const { say } = language;
  const places = placesOf(editorContext.shape, content);
  const readersOf = (field: string) => readersAt(field, content, editorContext, language, now);
  const rowOf = (
    name: string,
    picture: EditableBriefing['content']['figures'][string],
  ): PicturesPage['rows'][number] => {
    const stands = places.get(name) ?? [];
    const { width, height } = picture;
    return {
      name,
      added: name === added,
      anchor: `picture-${name.replace('.', '-')}`,
      src: deskPicture(language, id, name, picture),
      ...{ width, height },
      size: say('desk.cover.size', { width, height, format: picture.format.toUpperCase() }),
      line: `![](${name})`,
      lineId: `line-${name.replace('.', '-')}`,
      places: stands.map((field) => ({
        label: sayField(editorContext.shape, language, field, content),
        href: `${editorPath(language, id)}#${idOf(field)}`,
        ...readersOf(field),
      })),
      remove: stands.length > 0 ? null : editorPath(language, id, `/pictures/${name}/remove`),
    };
  };
  return {
    frame,
    wrong: error,
    action: editorPath(language, id, '/pictures'),
    editor: editorPath(language, id),
    hint: uploadHint(language),
    removed: removed
      .filter((name) => !Object.hasOwn(content.figures, name))
      .map((name) => ({ label: name, action: editorPath(language, id, `/pictures/${name}/restore`) })),
    rows: Object.entries(content.figures)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, picture]) => rowOf(name, picture)),
  };
}

/** Who reads a field, and the tier that opens it. */
function readersAt(
  field: string,
  content: EditableBriefing['content'],
  editorContext: EditorContext,
  language: Language,
  now: Date,
) {
  const { say } = language;
  const slot = slotOfText(editorContext.shape, field);
  if (!slot)
    return {
      tier: tierName({ editorContext, language }, editorContext.tiers[0]!.slug),
      readers: say('desk.pictures.open'),
    };
  const name = passageName(slot, field.split('.')[1]!);
  const kind = slot.kind.slug;
  const passage = { kind, tier: content.stricter[name] ?? null, until: content.until[name] ?? null };
  const opening = openingOf(editorContext.matrix, passage, now);
  const tier = tierName({ editorContext, language }, requiredTier(editorContext.matrix, passage, now).slug);
  return {
    tier,
    readers: opening
      ? say('desk.pictures.until', { tier: tier.name, moment: formatInstant(opening.at, language).text })
      : readersOf(language, tier),
  };
}

/** By the name of each picture the fields that show it. */
function placesOf(shape: BriefingShape, content: EditableBriefing['content']): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const [field, text] of fieldsOf(shape, content)) {
    if (!field.startsWith('body.') && !slotOfText(shape, field)) continue;
    for (const name of new Set(picturesIn(text).map((one) => one.name)))
      places.set(name, [...(places.get(name) ?? []), field]);
  }
  return places;
}
