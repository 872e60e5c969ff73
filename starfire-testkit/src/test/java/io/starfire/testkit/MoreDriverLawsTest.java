package io.starfire.testkit;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;

/**
 * The laws on the real drivers for so many pipelines that it takes long. {@code
 * -Dstarfire.first-seed=N} and {@code -Dstarfire.seeds=N} choose which ones.
 */
@Tag("long")
class MoreDriverLawsTest extends DriverLawsTest {
  @Override
  LongStream seeds() {
    long first = Long.getLong("starfire.first-seed", 100);
    return LongStream.range(first, first + Long.getLong("starfire.seeds", 200));
  }
}
