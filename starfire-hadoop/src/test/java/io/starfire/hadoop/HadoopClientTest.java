package io.starfire.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class HadoopClientTest {
  private static final String RPC_TIMEOUT = "ipc.client.rpc-timeout.ms";

  @Test
  void aWaitThatNobodyHasChosenIsBounded() {
    assertThat(HadoopClient.configuration(Map.of()).get(RPC_TIMEOUT)).isEqualTo("60000");
  }

  @Test
  void aWaitThatSomebodyHasChosenStays() {
    Configuration chosen = new Configuration();
    chosen.set(RPC_TIMEOUT, "5000");
    HadoopClient.boundWaits(chosen);
    assertThat(chosen.get(RPC_TIMEOUT)).isEqualTo("5000");
    assertThat(HadoopClient.configuration(Map.of(RPC_TIMEOUT, "7000")).get(RPC_TIMEOUT))
        .isEqualTo("7000");
  }
}
