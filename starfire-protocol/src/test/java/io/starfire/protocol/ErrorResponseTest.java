package io.starfire.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorResponseTest {
  @Test
  void hasTheFieldsOfOldAndNewClients() throws Exception {
    StarfireException exception = new StarfireException(ErrorCode.TIMEOUT, "it took too long");

    assertThat(
            JsonMapper.builder()
                .build()
                .writeValueAsString(
                    ErrorResponse.of(exception, "localhost:8888", Map.of("queryId", "q1"))))
        .isEqualTo(
            """
            {"error":"Query timeout","errorCode":"TIMEOUT","persona":"USER","category":"TIMEOUT",\
            "errorMessage":"it took too long","errorClass":"io.starfire.common.StarfireException",\
            "host":"localhost:8888","context":{"queryId":"q1"}}""");
  }

  @Test
  void everyCodeHasAName() {
    for (ErrorCode code : ErrorCode.values()) {
      ErrorResponse response = ErrorResponse.of(new StarfireException(code, "x"), null);
      assertThat(response.error()).isNotEmpty();
      assertThat(response.category()).isEqualTo(code.category());
      assertThat(response.persona()).isIn("USER", "OPERATOR", "DEVELOPER");
    }
  }
}
