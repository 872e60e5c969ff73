package io.starfire.batch.input;

import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.LineRecordReader;

/** The lines of a text file, compressed or not. Blank lines are skipped. */
final class TextCursor implements PartCursor {
  private final InputPart part;
  private final LineRecordReader lines = new LineRecordReader();
  private byte[] header;

  TextCursor(InputPart part, TaskAttemptContext context) throws IOException {
    this.part = part;
    lines.initialize(
        new FileSplit(new Path(part.file()), part.start(), part.length(), new String[0]), context);
  }

  @Override
  public InputRecord next() throws IOException {
    while (lines.nextKeyValue()) {
      Text line = lines.getCurrentValue();
      byte[] value = Arrays.copyOf(line.getBytes(), line.getLength());
      if (isBlank(value)) {
        continue;
      }
      if (part.kind().hasHeader() && header == null) {
        header = value;
        continue;
      }
      return InputRecord.line(
          part.kind(), part.index(), part.file(), lines.getCurrentKey().get(), header, value);
    }
    return null;
  }

  private static boolean isBlank(byte[] line) {
    for (byte character : line) {
      if (character != ' ' && character != '\t' && character != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
