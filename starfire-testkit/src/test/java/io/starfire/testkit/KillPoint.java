package io.starfire.testkit;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The request to the broker at which a process is killed.
 *
 * @param phase what the process is doing then
 * @param api the request, by its number in Kafka's protocol
 * @param client a part of the id of the client that sends it
 * @param number which of these requests, from 1 on
 * @param delivered whether the broker still gets the request of the dead process
 */
record KillPoint(Phase phase, int api, String client, int number, boolean delivered) {
  private static final int PRODUCE = 0;
  private static final int FETCH = 1;
  private static final int JOIN_GROUP = 11;
  private static final int SYNC_GROUP = 14;
  private static final int END_TRANSACTION = 26;
  private static final int COMMIT_OFFSETS = 28;

  /** What a process of a stream can be killed in. */
  @SuppressWarnings("ImmutableEnumChecker") // the lists are those of List.of
  enum Phase {
    LOAD(List.of(PRODUCE), "-producer", 40),
    COMMIT(List.of(COMMIT_OFFSETS, END_TRANSACTION), "-producer", 8),
    // A process that nobody joins and nobody leaves sends one of each.
    REBALANCE(List.of(JOIN_GROUP, SYNC_GROUP), "-consumer", 1),
    RESTORE(List.of(FETCH), "-restore-consumer", 4);

    private final List<Integer> requests;
    private final String client;
    private final int most;

    Phase(List<Integer> requests, String client, int most) {
      this.requests = requests;
      this.client = client;
      this.most = most;
    }

    KillPoint draw(SplittableRandom random) {
      return new KillPoint(
          this,
          requests.get(random.nextInt(requests.size())),
          client,
          1 + random.nextInt(most),
          random.nextBoolean());
    }
  }

  boolean is(int request, String clientId) {
    return request == api && clientId.contains(client);
  }

  @Override
  public String toString() {
    return "%s at request %d of api %d of *%s, which the broker %s"
        .formatted(phase, number, api, client, delivered ? "gets" : "does not get");
  }
}
