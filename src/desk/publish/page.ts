import { randomUUID } from 'node:crypto';
import { editorialViewer } from '../../access/viewer';
import { formatInstant } from '../../briefings/reading/cards';
import { LocaleFallback } from '../../briefings/reading/localized';
import { findEditable, type EditableBriefing } from '../../briefings/writing/working-copies';
import type { Language, Languages } from '../../lib/language';
import { writeLocal } from '../../lib/local-time';
import { tierTextsIn } from '../../membership/tiers';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import { check, passedEmbargoes } from '../check';
import { loadEditorContext, type EditorContext } from '../editor/context';
import { editorPath } from '../editor/page';
import { findingViews, stateMark } from '../format';
import { formatMoment } from '../frame';
import type { DeskFrame, FindingView, Sides, StateMark } from '../page-types';
import type { PublishPage } from './page-types';
import { goesOut, workflowActionsFor, type WorkflowAction } from './actions';
import { mayBeDeleted } from './delete';
import { movedOn } from './workflow';

/** What was wrong with a form of the page, and what was typed into it. */
export interface PublishErrors {
  readonly text?: string;
  /** Whose tick is missing. */
  readonly unsure?: WorkflowAction;
  readonly when?: string;
  /** Which moments a time of the clock may mean. */
  readonly meant?: readonly { readonly value: string; readonly label: string }[];
  readonly typed?: string;
  readonly correction?: { readonly error: string; readonly typed: ReadonlyMap<string, string> };
}

const findCorrections = (db: WallTransaction, briefingId: string) =>
  db.correction.findMany({
    where: { briefingId },
    include: { texts: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  });

/** What the page is made from. */
interface PublishRows {
  readonly at: EditableBriefing;
  readonly editorContext: EditorContext;
  readonly deletable: boolean;
  readonly corrections: Awaited<ReturnType<typeof findCorrections>>;
}

/** Reads it; null where there is no such briefing. */
export function readPublish(wall: Wall, languages: Languages, id: string): Promise<PublishRows | null> {
  return wall.read(editorialViewer, async (db) => {
    const at = await findEditable(db, id);
    return (
      at && {
        at,
        editorContext: await loadEditorContext(db, languages, id),
        deletable: await mayBeDeleted(db, at),
        corrections: await findCorrections(db, id),
      }
    );
  });
}

interface PublishContext extends PublishRows {
  readonly language: Language;
  readonly languages: Languages;
  readonly now: Date;
  readonly wrong: PublishErrors;
}

/** What the checklist has found, level by level. */
type Findings = Readonly<Record<'faults' | 'missing' | 'warnings', readonly FindingView[]>>;

/** The page: the checklist, what may be done now, and the corrections. */
export function publishPage(context: PublishContext, frame: DeskFrame): PublishPage {
  const { language, at, now, wrong: errors, deletable } = context;
  const { say } = language;
  const { content, id } = { content: at.content, id: at.base.id };
  const state = stateMark(language, content, now);
  const findings = findingsOf(context);
  const { faults, missing, warnings } = findings;
  const passed = passedEmbargoes(content, now);
  return {
    ...{ version: at.version, frame, state, faults, missing, warnings },
    stateText: stateText(context, state),
    allGood: faults.length + missing.length + warnings.length === 0 ? say('desk.publish.good') : null,
    passed: passed > 0 ? say('desk.publish.passed', { n: passed }) : null,
    action: editorPath(language, id, '/publish'),
    acts: openActions(context, findings).map((name) => actionView(context, state, name, warnings.length)),
    blocked:
      faults.length > 0
        ? say('desk.publish.blocked.fault')
        : missing.length > 0
          ? say('desk.publish.blocked.missing')
          : null,
    wrong: errors.text ? { text: errors.text, href: errors.unsure ? `#sure-${errors.unsure}` : null } : null,
    corrections: correctionsView(context),
    remove: deletable ? editorPath(language, id, '/delete') : null,
  };
}

function findingsOf({ language, at, editorContext, now }: PublishContext): Findings {
  const findings = [...check(at, editorContext, now), ...movedOn(at)];
  const editor = editorPath(language, at.base.id);
  const of = (level: 'fault' | 'missing' | 'warning') =>
    findingViews(
      editorContext.shape,
      language,
      findings.filter((one) => one.level === level),
      at.content,
      editor,
    );
  return { faults: of('fault'), missing: of('missing'), warnings: of('warning') };
}

function stateText({ language: { say }, language, at }: PublishContext, { code }: StateMark): string {
  if (code === 'scheduled')
    return say('desk.publish.scheduled', { moment: formatMoment(language, at.content.published!).text });
  return code === 'published' && at.copy ? say('desk.publish.changed') : say(`desk.state.text.${code}`);
}

/** What may be done now, as far as the checklist lets it. */
function openActions({ at, now }: PublishContext, { faults, missing }: Findings): WorkflowAction[] {
  const out = (name: WorkflowAction) => goesOut(name, at.content.state);
  const needsCheck = (name: WorkflowAction) => out(name) || name === 'submit' || name === 'keep';
  return workflowActionsFor(at, now).filter(
    (name) => !(needsCheck(name) && faults.length > 0) && !(out(name) && missing.length > 0),
  );
}

/** The phrases of an action, by where the briefing stands. */
function phraseKey(name: WorkflowAction, { code }: StateMark): string {
  if (name === 'keep' && code === 'published') return 'update';
  if (name === 'keep' && code === 'scheduled') return 'keep-scheduled';
  return name === 'unpublish' && code === 'scheduled' ? 'unschedule' : name;
}

function actionView(
  context: PublishContext,
  state: StateMark,
  name: WorkflowAction,
  warnings: number,
): PublishPage['acts'][number] {
  const { language, at, wrong: errors } = context;
  const { say } = language;
  const key = phraseKey(name, state);
  const out = goesOut(name, at.content.state);
  const early = out ? earlyText(context) : null;
  const ask = {
    label: say('desk.publish.sure', { n: warnings }),
    id: `sure-${name}`,
    error: errors.unsure === name ? say('desk.refused.sure') : null,
  };
  return {
    name,
    label: say(`desk.act.${key}`),
    text: [...(early && name === 'publish' ? [] : [say(`desk.act.text.${key}`)]), ...(early ? [early] : [])].join(' '),
    strong: name === 'publish' || key === 'update',
    when: name === 'schedule' ? whenView(context) : null,
    ask: out && warnings > 0 ? ask : null,
    updated: key === 'update',
  };
}

/** For whom it opens first, and until when; null where nobody is before anybody. */
function earlyText({ language, at, editorContext, now }: PublishContext): string | null {
  const { early } = at.content;
  if (!early || early.until <= now) return null;
  const tier = editorContext.tiers.find(({ slug }) => slug === early.tier)!;
  return language.say('desk.act.text.early', {
    tier: tierTextsIn(tier, language).name,
    moment: formatInstant(early.until, language).text,
  });
}

function whenView({ language, at, now, wrong: errors }: PublishContext): PublishPage['acts'][number]['when'] {
  const { say, zone } = language;
  const { published } = at.content;
  const planned = published && published > now ? writeLocal(published, zone).replace(/^(.{16}):00$/, '$1') : '';
  return {
    value: errors.typed ?? planned,
    hint: zone === 'UTC' ? say('desk.publish.when.hint') : say('desk.publish.when.hint.zone', { zone }),
    label: say('desk.publish.when', { zone }),
    meant: errors.meant ?? [],
    error: errors.when ?? null,
  };
}

function correctionsView(context: PublishContext): PublishPage['corrections'] {
  const { language, at, now, wrong: errors, corrections } = context;
  const { state, published, original } = at.content;
  if (state !== 'published' || published === null || published > now) return null;
  const { id } = at.base;
  return {
    action: editorPath(language, id, '/corrections'),
    submissionId: randomUUID(),
    sides: correctionSides(context),
    error: errors.correction?.error ?? null,
    rows: corrections.map((row) => {
      const fallback = new LocaleFallback(
        language.code,
        original,
        row.texts.map(({ lang }) => lang),
      );
      return {
        day: formatMoment(language, row.createdAt),
        text: fallback.text((lang) => row.texts.find((one) => one.lang === lang)?.text) ?? { text: '', lang: null },
        withdraw: editorPath(language, id, `/corrections/${row.id}/withdraw`),
      };
    }),
  };
}

function correctionSides({ language, languages, wrong: errors }: PublishContext): Sides {
  return {
    legend: language.say('desk.correction.text'),
    hint: language.say('desk.correction.hint'),
    boxes: languages.all.map(({ code }) => ({
      name: `correction.${code}`,
      id: `correction-${code}`,
      label: language.languageName(code),
      lang: code,
      value: errors.correction?.typed.get(code) ?? '',
      kind: 'text' as const,
      missing: false,
      error: null,
      list: null,
    })),
  };
}
