package io.starfire.batch.input;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job reads. The driver writes the list to a file. The job's configuration names that file.
 *
 * @param parts mostly whole files
 * @param splitBytes how many bytes one mapper should read
 */
public record InputParts(
    @JsonProperty("parts") List<InputPart> parts, @JsonProperty("splitBytes") long splitBytes) {
  public InputParts {
    parts = List.copyOf(parts);
  }

  /** The JSON, as bytes of UTF-8. */
  public byte[] toBytes() {
    return Json.write(this).getBytes(StandardCharsets.UTF_8);
  }

  static InputParts fromBytes(byte[] bytes) {
    return Json.read(
        new String(bytes, StandardCharsets.UTF_8), InputParts.class, "the parts of a split");
  }

  /** Cuts parts that are too large, if their format allows it, and combines small ones. */
  List<List<InputPart>> splits() {
    List<List<InputPart>> splits = new ArrayList<>();
    List<InputPart> current = new ArrayList<>();
    long bytes = 0;
    for (InputPart part : cut()) {
      if (!current.isEmpty() && bytes + part.length() > splitBytes) {
        splits.add(current);
        current = new ArrayList<>();
        bytes = 0;
      }
      current.add(part);
      bytes += part.length();
    }
    if (!current.isEmpty()) {
      splits.add(current);
    }
    return splits;
  }

  private List<InputPart> cut() {
    List<InputPart> pieces = new ArrayList<>();
    for (InputPart part : parts) {
      if (part.length() <= splitBytes || !part.isSplittable()) {
        pieces.add(part);
        continue;
      }
      long end = part.start() + part.length();
      for (long start = part.start(); start < end; start += splitBytes) {
        pieces.add(part.range(start, Math.min(splitBytes, end - start)));
      }
    }
    return pieces;
  }
}
