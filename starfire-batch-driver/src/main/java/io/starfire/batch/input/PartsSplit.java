package io.starfire.batch.input;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.mapreduce.InputSplit;

/** The parts that one mapper reads, one after the other. */
public final class PartsSplit extends InputSplit implements Writable {
  private InputParts parts = new InputParts(List.of(), 0);

  /** For Hadoop, which then reads fields into it. */
  public PartsSplit() {}

  PartsSplit(List<InputPart> parts) {
    this.parts = new InputParts(parts, 0);
  }

  List<InputPart> parts() {
    return parts.parts();
  }

  @Override
  public long getLength() {
    return parts().stream().mapToLong(InputPart::length).sum();
  }

  @Override
  public String[] getLocations() {
    // Parts lie on different machines; none is better than another.
    return new String[0];
  }

  @Override
  public void write(DataOutput out) throws IOException {
    byte[] json = parts.toBytes();
    out.writeInt(json.length);
    out.write(json);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    byte[] json = new byte[in.readInt()];
    in.readFully(json);
    parts = InputParts.fromBytes(json);
  }

  @Override
  public String toString() {
    return parts().toString();
  }
}
