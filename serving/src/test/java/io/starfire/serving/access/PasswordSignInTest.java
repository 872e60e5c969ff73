package io.starfire.serving.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users, their passwords, and who tries them. */
class PasswordSignInTest {
  private static final String HOME = "192.0.2.1";
  private static final String ELSEWHERE = "192.0.2.2";
  private static final int CHEAP = 4;

  @TempDir Path directory;

  private Path file;
  private Instant now = Instant.parse("2026-11-28T10:00:00Z");
  private final InstantSource clock = () -> now;

  @BeforeEach
  void writeUsers() {
    file = directory.resolve("users.json");
    UserFile.empty()
        .with(user("ann", "correct horse", "read", "write:ad_events"))
        .with(user("bob:", "a password: with a colon", "admin"))
        .write(file);
  }

  private static UserFile.User user(String name, String password, String... roles) {
    return new UserFile.User(
        name.replace(":", ""), PasswordHash.of(password.toCharArray(), CHEAP), List.of(roles));
  }

  private static String basic(String name, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private static void assertUnknown(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
  }

  @Test
  void aUserWithTheRightPasswordHasItsRoles() {
    PasswordSignIn signIn = new PasswordSignIn(file, clock);

    Identity ann = signIn.identify(basic("ann", "correct horse"), HOME);

    assertThat(ann.name()).isEqualTo("ann");
    assertThat(ann.may(Role.READ)).isTrue();
    assertThat(ann.may(Role.WRITE)).isFalse();
    assertThat(ann.may(Role.WRITE, "ad_events")).isTrue();
    assertThat(ann.may(Role.WRITE, "orders")).isFalse();
    assertThat(ann.maySomewhere(Role.WRITE)).isTrue();
    assertThat(ann.maySomewhere(Role.ADMIN)).isFalse();
    assertThat(signIn.identify(basic("bob", "a password: with a colon"), HOME).may(Role.ADMIN))
        .isTrue();
  }

  @Test
  void aWrongPasswordAnUnknownUserAndAHeaderThatIsNoneSayTheSameOfTheUsers() {
    PasswordSignIn signIn = new PasswordSignIn(file, clock);

    assertThatThrownBy(() -> signIn.identify(basic("ann", "wrong"), HOME))
        .hasMessage("there is no user with this name and password");
    assertThatThrownBy(() -> signIn.identify(basic("zoe", "correct horse"), HOME))
        .hasMessage("there is no user with this name and password");
    assertUnknown(() -> signIn.identify("Basic !!!", HOME));
    assertUnknown(() -> signIn.identify("Digest abc", HOME));
    assertUnknown(() -> signIn.identify(null, HOME));
  }

  @Test
  void whoTriesPasswordsIsSlowedAndOthersAreNot() {
    PasswordSignIn signIn = new PasswordSignIn(file, clock);
    for (int i = 0; i < 5; i++) {
      assertUnknown(() -> signIn.identify(basic("ann", "wrong"), HOME));
    }

    assertThatThrownBy(() -> signIn.identify(basic("ann", "correct horse"), HOME))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED))
        .hasMessageContaining("try again in 2 s");
    assertThat(signIn.identify(basic("ann", "correct horse"), ELSEWHERE).name()).isEqualTo("ann");

    now = now.plus(Duration.ofSeconds(1));
    assertUnknown(() -> signIn.identify(basic("ann", "wrong again"), HOME));
    assertThatThrownBy(() -> signIn.identify(basic("bob", "wrong"), HOME))
        .hasMessageContaining("no user");
    now = now.plus(Duration.ofMillis(1_999));
    assertThatThrownBy(() -> signIn.identify(basic("ann", "another one"), HOME))
        .hasMessageContaining("too many wrong passwords");
    now = now.plus(Duration.ofMillis(1));
    assertUnknown(() -> signIn.identify(basic("ann", "another one"), HOME));
  }

  @Test
  void aPasswordThatWasChangedIsTheOnlyOneFromThenOn() {
    PasswordSignIn signIn = new PasswordSignIn(file, clock);
    assertThat(signIn.identify(basic("ann", "correct horse"), HOME).name()).isEqualTo("ann");

    UserFile.read(file).with(user("ann", "battery staple", "read")).write(file);

    assertUnknown(() -> signIn.identify(basic("ann", "correct horse"), HOME));
    assertThat(signIn.identify(basic("ann", "battery staple"), HOME).maySomewhere(Role.WRITE))
        .isFalse();
  }

  @Test
  void aFileThatIsDamagedWhileTheServerRunsChangesNothing() throws Exception {
    PasswordSignIn signIn = new PasswordSignIn(file, clock);

    Files.writeString(file, "{\"users\": [");

    assertThat(signIn.identify(basic("ann", "correct horse"), HOME).name()).isEqualTo("ann");
    assertThatThrownBy(() -> new PasswordSignIn(file, clock))
        .hasMessageContaining("it is no JSON with a list 'users'");
  }

  @Test
  void whatIsNoUserIsSaidWithoutItsPassword() throws Exception {
    Files.writeString(
        file, "{\"users\": [{\"name\": \"ann\", \"password\": \"secret\", \"roles\": []}]}");

    assertThatThrownBy(() -> UserFile.read(file))
        .hasMessageContaining("not a bcrypt hash")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> user("ann", "correct horse", "owner"))
        .hasMessageContaining("'owner' is no role; the roles are read, write, admin");
    assertThatThrownBy(() -> user("ann", "correct horse", "admin:ads"))
        .hasMessageContaining("write:ads");
    assertThatThrownBy(() -> PasswordHash.of("short".toCharArray()))
        .hasMessageContaining("from 8 to 1,000 characters");
  }
}
