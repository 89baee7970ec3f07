import type { Databases } from '../../storage/database.ts';
import type { RunsService } from '../runs/runs.service.ts';
import type { JobQueue } from '../worker/job-queue.ts';

export interface ScheduleDeps {
  databases: Databases;
  queue: JobQueue;
  runs: RunsService;
}
