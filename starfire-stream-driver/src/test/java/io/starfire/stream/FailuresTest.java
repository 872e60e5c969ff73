package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
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

  /** The brokers do so if it takes longer than it may; the tasks then begin again. */
  @Test
  void aTransactionThatTheBrokersHaveAbortedPassesAlsoForWhatWasHeldBack() {
    for (ApiException aborted :
        List.of(
            new InvalidProducerEpochException("an old epoch"),
            new ProducerFencedException("another producer"),
            new InvalidPidMappingException("not known any more"))) {
      // As Kafka Streams must see it, to take it for what it is.
      assertThatThrownBy(() -> TrackedProducer.requireSent(aborted)).isSameAs(aborted);
      Throwable later = new StreamsException(new KafkaException("in an error state", aborted));
      assertThat(Failures.judge(later, "app", state).passes()).isTrue();
    }
    assertThatThrownBy(() -> TrackedProducer.requireSent(new NotLeaderOrFollowerException()))
        .isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> TrackedProducer.requireSent(new RecordTooLargeException()))
        .isInstanceOf(KafkaException.class)
        .hasCauseInstanceOf(RecordTooLargeException.class);
    TrackedProducer.requireSent(null);
  }
}
