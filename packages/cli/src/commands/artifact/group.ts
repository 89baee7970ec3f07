import { group } from '../../command.ts';
import { artifactDownload } from './download.ts';
import { artifactList } from './list.ts';

export function artifact() {
  return group('artifact', { summary: 'List and download what runs produced' }).addCommand(artifactList()).addCommand(artifactDownload());
}
