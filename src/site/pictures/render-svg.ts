import { Worker } from 'node:worker_threads';
import { openConcurrencyLimiter } from '../../stores/postgres/concurrency-limiter';

/** Milliseconds a drawing may take, and that one waits for its turn. */
const PATIENCE = 5_000;
const IN_LINE = 60_000;

/** One at a time: each has a thread and a memory of its own. */
const limiter = openConcurrencyLimiter(1, IN_LINE);

/**
 * What runs in the thread. The renderer is WebAssembly: it has no file, no network and no typeface but those it is
 * given, and what it does can be ended at any moment.
 */
const RENDERER = `
const { readFileSync } = require('node:fs');
const { parentPort, workerData: { resvg, wasm, svg, box, fonts } } = require('node:worker_threads');
const { initWasm, Resvg } = require(resvg);
initWasm(readFileSync(wasm)).then(() => {
  const font = { loadSystemFonts: false, fontBuffers: fonts.map((file) => readFileSync(file)) };
  const { width, height } = new Resvg(svg, { font });
  const value = Math.min(box.width / width, box.height / height);
  parentPort.postMessage(new Resvg(svg, { font, fitTo: { mode: 'zoom', value } }).render().asPng());
});`;

/**
 * A drawing as PNG, as large as fits into a box of pixels; null: it cannot be drawn, or not in time. `fonts`: files of
 * the typefaces that its texts are set in.
 */
export const renderSvg = (
  svg: string,
  box: { readonly width: number; readonly height: number },
  fonts: readonly string[] = [],
): Promise<Uint8Array | null> => limiter.run(() => render({ svg, box, fonts }));

function render(given: object): Promise<Uint8Array | null> {
  const worker = new Worker(RENDERER, {
    eval: true,
    env: {},
    workerData: {
      ...given,
      resvg: require.resolve('@resvg/resvg-wasm'),
      wasm: require.resolve('@resvg/resvg-wasm/index_bg.wasm'),
    },
    resourceLimits: { maxOldGenerationSizeMb: 128 },
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(null), PATIENCE);
    const end = (drawn: Uint8Array | null) => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(drawn);
    };
    worker.once('message', (drawn: Uint8Array) => end(drawn));
    worker.once('error', () => end(null));
    worker.once('exit', () => end(null));
  });
}
