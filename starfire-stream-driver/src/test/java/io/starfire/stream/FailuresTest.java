package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
  @TempDir Path state;

  @Test
  void aFullDiskIsSaidWithThePlaceOfTheState() {
    Throwable error =
        new ProcessorStateException(
            "Error while executing flush from store joined",
            new IOException("While appending to file: 000012.sst: No space left on device"));

    Failures.Verdict verdict = Failures.judge(error, "app", state);

    assertThat(verdict.isExplained()).isTrue();
    assertThat(verdict.failure().code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(verdict.failure())
        .hasMessageStartingWith("disk full: the state of the stream 'app' at " + state)
        .hasMessageContaining("make room there and start again");
  }

  @Test
  void stateThatIsReadAgainFromKafkaPasses() {
    assertThat(Failures.judge(new TaskCorruptedException(Set.of()), "app", state).passes())
        .isTrue();
  }

  /** It can happen to a member by itself, when it joins twice while the brokers are slow. */
  @Test
  void aMemberWhoseNameWasTakenJoinsAgain() {
    Throwable error = new StreamsException(new FencedInstanceIdException("another member.id"));
    assertThat(Failures.judge(error, "app", state).passes()).isTrue();
  }
}
