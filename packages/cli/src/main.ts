// The process entry of `tidewheel`: arguments in, exit code out.
import { enableCompileCache } from 'node:module';

// Keeps the stripped sources between calls: help in 0.1 s instead of 0.3 s.
enableCompileCache();
// A reader that closed the pipe (`| head`) has what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
const { runCommandLine } = await import('./program.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
