package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Path;

/** Errors for bytes that are not what was written. Stateless. */
final class Damage {
  private static final String REMEDY =
      "delete it and fetch it again from deep storage, or write it again by a batch run";

  private Damage() {}

  static StarfireException inFile(Path file, String what) {
    return new StarfireException(
        ErrorCode.CORRUPT, "segment file %s is damaged: %s; %s".formatted(file, what, REMEDY));
  }

  static StarfireException inBlock(
      Path file, String column, String kind, int block, int offset, int length) {
    return inFile(
        file,
        "column '%s', %s %d (bytes %d to %d) does not match its checksum"
            .formatted(column, kind, block, offset, offset + length));
  }
}
