import { group } from '../../command.ts';
import { fileDownload } from './download.ts';
import { fileList } from './list.ts';
import { fileUpload } from './upload.ts';

export function file() {
  return group('file', { summary: 'Upload and download files that flows use' }).addCommand(fileList()).addCommand(fileUpload()).addCommand(fileDownload());
}
