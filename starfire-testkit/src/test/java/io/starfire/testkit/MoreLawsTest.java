package io.starfire.testkit;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;

/** The laws for so many pipelines that it takes minutes. */
@Tag("long")
class MoreLawsTest extends LawsTest {
  static LongStream seeds() {
    return LongStream.range(300, 3_000);
  }

  static LongStream fewerSeeds() {
    return seeds();
  }
}
