import { MissingUploadError, type Storage } from '../storage/storage.ts';
import { readText } from './read-text.ts';
import { UnreadableFile } from './unreadable-file.ts';

/**
 * The text of an uploaded file, chunk by chunk.
 * @throws UnreadableFile also when the file is no longer there: no later attempt would find it
 */
export async function* uploadText(storage: Storage, uploadId: string): AsyncGenerator<string> {
  try {
    yield* readText(storage.readUpload(uploadId));
  } catch (error) {
    if (!(error instanceof MissingUploadError)) throw error;
    const message = 'The uploaded file is no longer in the storage; upload it again and start another import.';
    throw new UnreadableFile(message, null);
  }
}
