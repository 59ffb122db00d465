import type { Language } from '../../lib/language';
import type { Shown } from '../../lib/markdown';
import type { EditablePage } from '../../site/pages/editable';
import { showsPicture, type PagePicture } from '../../site/pages/pictures';
import { uploadHint } from '../files/upload-hints';
import { idOf } from '../format';
import type { DeskFrame } from '../page-types';
import { sayPageField } from './form';
import { pageDeskPath } from './frame';
import type { PagePicturesPage } from './page-types';

/** Where the desk sees a picture: an address that changes with it, since a name that was free may be another's. */
const deskPicture = (language: Language, pageId: string, name: string, { id }: PagePicture): string =>
  pageDeskPath(language, pageId, `/pictures/${name}?of=${id.slice(0, 12)}`);

/** The pictures of a page, as the desk sees them before readers do. */
export const deskPictures = (
  language: Language,
  { id, pictures }: Pick<EditablePage, 'id' | 'pictures'>,
): ReadonlyMap<string, Shown> =>
  new Map(
    [...pictures].map(([name, picture]) => [
      name,
      {
        ...{ src: deskPicture(language, id, name, picture), srcset: null },
        ...{ width: picture.width, height: picture.height },
      },
    ]),
  );

/** Where a picture is on the page that lists them. */
export const pictureAnchor = (name: string): string => `picture-${name.replace('.', '-')}`;

/** The pictures of a page, each with where it stands and the line that shows it. */
export function pagePicturesPage(
  at: EditablePage,
  language: Language,
  {
    frame,
    wrong: error,
    added,
  }: { readonly frame: DeskFrame; readonly wrong: string | null; readonly added: string | null },
): PagePicturesPage {
  const { say } = language;
  const { id, content, pictures } = at;
  const rowOf = (name: string, picture: PagePicture): PagePicturesPage['rows'][number] => {
    const { width, height, format } = picture;
    const langs = Object.keys(content.texts).filter((lang) =>
      showsPicture({ texts: { [lang]: content.texts[lang]! } }, name),
    );
    return {
      ...{ name, width, height, added: name === added, anchor: pictureAnchor(name) },
      src: deskPicture(language, id, name, picture),
      size: say('desk.cover.size', { width, height, format: format.toUpperCase() }),
      line: `![](${name})`,
      lineId: `line-${name.replace('.', '-')}`,
      places: langs.map((lang) => ({
        label: sayPageField(language, `body.${lang}`),
        href: `${pageDeskPath(language, id)}#${idOf(`body.${lang}`)}`,
      })),
      remove: langs.length > 0 ? null : pageDeskPath(language, id, `/pictures/${name}/remove`),
    };
  };
  return {
    ...{ frame, wrong: error },
    action: pageDeskPath(language, id, '/pictures'),
    editor: pageDeskPath(language, id),
    hint: uploadHint(language),
    rows: [...pictures].map(([name, picture]) => rowOf(name, picture)),
  };
}
