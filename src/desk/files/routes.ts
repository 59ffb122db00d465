import path from 'node:path';
import { Router, type Request, type Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import { exportBriefing } from '../../briefings/file/export';
import { FaultyFiles, formatFault } from '../../briefings/file/fault';
import { importBriefing } from '../../briefings/file/import';
import { stripMetadata } from '../../briefings/pictures/strip-metadata';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { idOfBriefing } from '../body';
import { editorPath } from '../editor/page';
import { deskFrame, renderDesk } from '../frame';
import type { ImportPage } from './page-types';
import type { DeskParts } from '../parts';
import { auditBriefing } from '../audit';
import { actorOf } from '../staff';
import { briefingFiles, filesOf, uploadOf } from './upload';
import { zip } from './zip';

/** `/desk/import` and `/desk/briefings/:id/export`: the briefing file from the page (docs/briefing-format.md). */
export function fileRoutes({ wall, bucket, invalidatingWall, site, clock }: DeskParts, language: Language): Router {
  const { say } = language;
  const router = Router({ caseSensitive: true, strict: true });

  const show = (req: Request, res: Response, faults: readonly string[], result: ImportPage['result'], status = 200) => {
    const page: ImportPage = {
      frame: deskFrame(language, req, 'import', say('desk.import.heading')),
      action: `${language.prefix}/desk/import`,
      samples: { label: say('desk.samples.heading'), href: `${language.prefix}/desk/samples` },
      faults,
      result,
    };
    return renderDesk(site, language, req, res, 'import', '/desk/import', page, status);
  };

  router
    .route('/desk/import')
    .get((req, res) => show(req, res, [], null))
    .post(briefingFiles, async (req, res) => {
      const files = filesOf(uploadOf(req), 'files');
      if (files.length === 0) return show(req, res, [say('desk.import.none')], null, 422);
      // The folder's name is the slug; here there is no folder to ask.
      const slug =
        files
          .map(
            ({ bytes }) =>
              /^ {2}slug: *["']?([a-z0-9-]{1,80})["']? *\r?$/m.exec(Buffer.from(bytes).toString('latin1'))?.[1],
          )
          .find(Boolean) ?? 'upload';
      try {
        const by = await actorOf(wall, req, res);
        const folder = await stripMetadata(wall, {
          path: slug,
          files: new Map(files.map(({ name, bytes }) => [name, bytes])),
        });
        const { outcome, revision } = await importBriefing(invalidatingWall, folder, by.actor.id, (db, saved) =>
          auditBriefing(db, by, clock.now(), 'briefing-imported', saved, {
            after: { outcome: saved.outcome, revision: saved.revision },
          }),
        );
        const row = await wall.read(editorialViewer, (db) =>
          db.briefing.findUniqueOrThrow({ where: { slug }, select: { id: true } }),
        );
        await show(req, res, [], {
          text: say(`desk.import.${outcome}`, { slug, number: revision }),
          label: say('desk.import.open'),
          href: editorPath(language, row.id),
        });
      } catch (error) {
        if (!(error instanceof FaultyFiles)) throw error;
        await show(
          req,
          res,
          error.faults.map((fault) => formatFault({ ...fault, file: path.basename(fault.file) })),
          null,
          422,
        );
      }
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/desk/briefings/:id/export')
    .get(async (req, res) => {
      const id = idOfBriefing(req);
      const row = await wall.read(editorialViewer, (db) =>
        db.briefing.findFirst({ where: { id, copyOf: null }, select: { id: true, slug: true, revision: true } }),
      );
      const files = row && (await exportBriefing(wall, row.slug, bucket));
      if (!row || !files) throw notFound('briefing');
      if (req.method === 'GET') {
        const by = await actorOf(wall, req, res);
        await wall.write(editorialViewer, (db) =>
          auditBriefing(db, by, clock.now(), 'briefing-exported', row, { after: { revision: row.revision } }),
        );
      }
      res.set({ 'Content-Type': 'application/zip', 'Content-Disposition': `attachment; filename="${row.slug}.zip"` });
      res.send(
        zip(
          new Map(
            [...files].map(([name, bytes]) => [
              `${row.slug}/${name}`,
              typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
            ]),
          ),
        ),
      );
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
