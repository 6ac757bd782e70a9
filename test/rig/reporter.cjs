// Mocha's spec output; the counts and the failed tests as JSON in the file named by the reporter option `output`.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { reporters, Runner } = require('mocha');

module.exports = class SpecAndCounts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { output } = options.reporterOptions;
    const failures = [];
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => failures.push({ title: test.fullTitle(), error: error.stack ?? String(error) }));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      mkdirSync(dirname(output), { recursive: true });
      const { passes, failures: failed, pending } = runner.stats;
      writeFileSync(output, JSON.stringify({ passed: passes, failed, skipped: pending, failures }));
    });
  }
};
