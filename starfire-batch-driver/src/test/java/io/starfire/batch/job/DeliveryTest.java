package io.starfire.batch.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.io.NullWritable;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final long SEED = Long.getLong("starfire.seed", 7L);

  @Test
  void theBytesSortAsTheDeliveriesDo() throws IOException {
    System.out.println("seed " + SEED);
    List<Delivery> all = random(new Random(SEED), 150);
    DeliveryOrder whole = new DeliveryOrder.Whole();
    DeliveryOrder group = new DeliveryOrder.Group();
    for (Delivery left : all) {
      byte[] leftBytes = bytes(left);
      for (Delivery right : all) {
        byte[] rightBytes = bytes(right);
        assertThat(
                Integer.signum(
                    whole.compare(
                        leftBytes, 0, leftBytes.length, rightBytes, 0, rightBytes.length)))
            .as("%s and %s", left, right)
            .isEqualTo(Integer.signum(left.compareTo(right)));
        assertThat(
                Integer.signum(
                    group.compare(
                        leftBytes, 0, leftBytes.length, rightBytes, 0, rightBytes.length)))
            .isEqualTo(Integer.signum(left.compareGroup(right)));
      }
    }
  }

  @Test
  void aDeliveryIsReadAsItWasWritten() throws IOException {
    for (Delivery delivery : random(new Random(SEED), 50)) {
      Delivery read = new Delivery();
      read.readFields(new DataInputStream(new ByteArrayInputStream(bytes(delivery))));
      assertThat(read).isEqualTo(delivery).hasSameHashCodeAs(delivery);
    }
  }

  @Test
  void bothSidesOfAKeyGoToOneReducer() {
    DeliveryPartitioner partitioner = new DeliveryPartitioner();
    byte[] key = "k".getBytes(StandardCharsets.UTF_8);
    Delivery primary = Delivery.event(0, key, 5, new byte[] {1});
    Delivery secondary = Delivery.event(1, key, 9, new byte[] {2});
    assertThat(partitioner.getPartition(primary, NullWritable.get(), 13))
        .isEqualTo(partitioner.getPartition(secondary, NullWritable.get(), 13));
  }

  private static List<Delivery> random(Random random, int count) {
    List<Delivery> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] key = random.nextInt(4) == 0 ? null : randomBytes(random);
      long time = random.nextInt(3) * 1_000_000_000_000L;
      byte[] value = randomBytes(random);
      all.add(
          switch (random.nextInt(4)) {
            case 0 -> Delivery.row(random.nextInt(2), key, time, value);
            case 1 -> Delivery.deadLetter(random.nextInt(2), value);
            default -> Delivery.event(random.nextInt(2), key, time, value);
          });
    }
    return all;
  }

  /** Short and of few values, so that prefixes and equal ones occur; some are negative bytes. */
  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(3)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(3) * 100);
    }
    return bytes;
  }

  private static byte[] bytes(Delivery delivery) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    delivery.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
