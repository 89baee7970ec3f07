// Vitest reporter: one line per file while it runs, failures in full at the end, and the counts for npm test.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

function walk(collection, visit) {
  for (const test of collection.allTests()) visit(test);
}

export default class CountReporter {
  #skipped = [];
  #failed = [];
  #passed = [];
  #brokenFiles = [];

  #running = new Map();

  onTestRunStart() {
    setInterval(() => {
      const now = Date.now();
      for (const [name, { since, test }] of this.#running)
        if (now - since > 60_000) console.log(`  still running: ${name} · ${test} · ${Math.round((now - since) / 1_000)} s`);
    }, 60_000).unref();
  }

  onTestModuleStart(module) {
    this.#running.set(relative(process.cwd(), module.moduleId), { since: Date.now(), test: '' });
  }

  onTestCaseReady(test) {
    const running = this.#running.get(relative(process.cwd(), test.module.moduleId));
    if (running) running.test = test.fullName;
  }

  onTestModuleEnd(module) {
    this.#running.delete(relative(process.cwd(), module.moduleId));
    const name = relative(process.cwd(), module.moduleId);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    walk(module.children, (test) => {
      const { state, errors } = test.result();
      counts[state] = (counts[state] ?? 0) + 1;
      if (state === 'failed') this.#failed.push({ name: `${name} › ${test.fullName}`, errors });
      if (state === 'skipped') this.#skipped.push(`${name} › ${test.fullName}${test.options.mode === 'run' ? '' : ''}${this.#reason(test)}`);
      if (state === 'passed') this.#passed.push(`${name} › ${test.fullName}`);
    });
    // A hook that fails leaves its tests skipped: its error is the suite's.
    const errors = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
    if (errors.length > 0) this.#brokenFiles.push({ name, errors });
    const ok = counts.failed === 0 && errors.length === 0;
    const ms = module.diagnostic().duration;
    console.log(
      `${ok ? '✓' : '✗'} ${name} · ${counts.passed + counts.failed} tests${counts.skipped ? `, ${counts.skipped} skipped` : ''} · ${(ms / 1_000).toFixed(1)} s`,
    );
  }

  #reason(test) {
    const note = test.result().note;
    return note ? ` (${note})` : '';
  }

  onTestRunEnd(_modules, unhandled) {
    for (const error of unhandled) this.#brokenFiles.push({ name: 'outside of any test', errors: [error] });
    const target = process.env.TIDEWHEEL_TEST_COUNTS;
    const plain = ({ name, errors }) => ({
      name,
      errors: (errors ?? []).map((error) => error.stack ?? `${error.name ?? 'Error'}: ${error.message}`),
      diffs: (errors ?? []).map((error) => error.diff).filter(Boolean),
    });
    const counts = {
      passed: this.#passed.length,
      passedNames: this.#passed,
      failed: [...this.#failed, ...this.#brokenFiles].map(plain),
      skipped: this.#skipped,
    };
    if (target) writeFileSync(target, JSON.stringify(counts));
  }
}
