package io.starfire.batch.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.Json;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.io.Writable;

/** A segment file that a reducer has built, on its own disk at first. Mutable only for Hadoop. */
public final class BuiltSegment implements Writable {
  private Fields fields = new Fields(0, "", 0, 0, 0);

  /**
   * @param shard number of the shard in its {@link ShardPlan}
   * @param file where it is
   * @param rowCount after rollup
   * @param eventCount before rollup
   */
  record Fields(
      @JsonProperty("shard") int shard,
      @JsonProperty("file") String file,
      @JsonProperty("sizeBytes") long sizeBytes,
      @JsonProperty("rowCount") long rowCount,
      @JsonProperty("eventCount") long eventCount) {
    byte[] toBytes() {
      return Json.write(this).getBytes(StandardCharsets.UTF_8);
    }

    static Fields fromBytes(byte[] json) {
      return Json.read(
          new String(json, StandardCharsets.UTF_8), Fields.class, "the file of a built segment");
    }
  }

  /** For Hadoop, which then reads fields into it. */
  public BuiltSegment() {}

  BuiltSegment(Fields fields) {
    this.fields = fields;
  }

  Fields fields() {
    return fields;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    byte[] json = fields.toBytes();
    out.writeInt(json.length);
    out.write(json);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    byte[] json = new byte[in.readInt()];
    in.readFully(json);
    fields = Fields.fromBytes(json);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof BuiltSegment other && fields.equals(other.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
