package io.starfire.testkit;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;

/** The laws on the real drivers for so many pipelines that it takes long. */
@Tag("long")
class MoreDriverLawsTest extends DriverLawsTest {
  @Override
  LongStream seeds() {
    return LongStream.range(100, 300);
  }
}
