package io.starfire.archiver;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.parquet.io.OutputFile;

/**
 * An archive's files whose owner dies at one step: of the steps that change something, those before
 * are done, and from then on nothing works any more.
 */
final class CrashingFiles implements ArchiveFiles {
  private final ArchiveFiles files;
  private final AtomicInteger stepsLeft;

  /**
   * @param steps that are done
   */
  CrashingFiles(ArchiveFiles files, int steps) {
    this.files = files;
    this.stepsLeft = new AtomicInteger(steps);
  }

  boolean crashed() {
    return stepsLeft.get() < 0;
  }

  private void step() throws IOException {
    if (stepsLeft.decrementAndGet() < 0) {
      throw new IOException("crashed on purpose");
    }
  }

  @Override
  public OutputFile temporary(String path) throws IOException {
    step();
    return files.temporary(path);
  }

  @Override
  public void write(String temporary, byte[] content) throws IOException {
    step();
    files.write(temporary, content);
  }

  @Override
  public boolean publish(String temporary, String path) throws IOException {
    step();
    return files.publish(temporary, path);
  }

  @Override
  public long rows(String path) throws IOException {
    return files.rows(path);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return files.list(directory);
  }

  @Override
  public byte[] read(String path) throws IOException {
    return files.read(path);
  }

  @Override
  public void deleteIfEmpty(String directory) throws IOException {
    step();
    files.deleteIfEmpty(directory);
  }

  @Override
  public void delete(String path) throws IOException {
    step();
    files.delete(path);
  }
}
