// Mocha's spec output, and the counts as JSON in the file named by the reporter option `output`.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { reporters, Runner } = require('mocha');

module.exports = class SpecAndCounts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { output } = options.reporterOptions;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      mkdirSync(dirname(output), { recursive: true });
      const { passes, failures, pending } = runner.stats;
      writeFileSync(output, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
