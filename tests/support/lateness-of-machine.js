// A process of its own, which tests/support/lateness.ts starts: how long the machine had no time for it, between two
// moments. Whatever stands still in the process that is tested, this one goes on.
const TICK = 10;
/** Nanoseconds of a clock that all processes of the machine share. */
const now = () => Number(process.hrtime.bigint());
/** From when until when not even a timer came to its turn. */
const late = [];

let last = now();
setInterval(() => {
  const moment = now();
  const due = last + 2 * TICK * 1e6;
  if (moment > due) late.push([due, moment]);
  last = moment;
}, TICK);

process.on('message', ([id, from, until]) => {
  const sum = late.reduce((all, [begun, over]) => all + Math.max(0, Math.min(over, until) - Math.max(begun, from)), 0);
  process.send([id, sum / 1e6]);
});
process.on('disconnect', () => process.exit());
process.send('ready');
