package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.Environment;
import dev.jlondiste.fault.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverPropertiesTest {
  @TempDir Path home;

  private Properties properties(String text) {
    Environment empty = new Environment(Map.of(), home, "alice");
    return DriverProperties.of(ConnectionString.parse(text).resolve(empty), "job1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          host=h                                | PGHOST           | h
          host=h                                | PGPORT           | 5432
          host=a,b port=1,2                     | PGHOST           | a,b
          host=a,b port=1,2                     | PGPORT           | 1,2
          host=a,b port=1                       | PGPORT           | 1,1
          host=n hostaddr=10.0.0.1              | PGHOST           | 10.0.0.1
          host=h                                | PGDBNAME         | alice
          host=h dbname=d user=u password=p     | user             | u
          host=h dbname=d user=u password=p     | password         | p
          host=h                                | ApplicationName  | job1
          host=h application_name=x             | ApplicationName  | x
          host=h                                | connectTimeout   | 10
          host=a,b connect_timeout=3            | connectTimeout   | 3
          host=a,b connect_timeout=3            | loginTimeout     | 6
          host=h connect_timeout=0              | connectTimeout   | 0
          host=h                                | sslmode          | prefer
          host=h sslmode=disable                | sslmode          | disable
          host=h sslmode=require sslrootcert=/nope | sslmode       | require
          host=h sslrootcert=system             | sslmode          | verify-full
          host=h                                | tcpKeepAlive     | true
          host=h keepalives=0                   | tcpKeepAlive     | false
          host=h                                | socketFactoryArg | 10,5,4
          host=h keepalives_idle=60             | socketFactoryArg | 60,5,4
          host=h options='-c a=b'               | options          | -c a=b
          host=h sslnegotiation=direct          | sslNegotiation   | direct
          host=h target_session_attrs=read-write | targetServerType | primary
          host=h target_session_attrs=primary   | targetServerType | primary
          host=h target_session_attrs=standby   | targetServerType | secondary
          host=h target_session_attrs=read-only | targetServerType | secondary
          host=h target_session_attrs=prefer-standby | targetServerType | preferSecondary
          host=h                                | targetServerType | any
          host=h load_balance_hosts=random      | loadBalanceHosts | true
          host=h                                | stringtype       | unspecified
          host=/run/x port=7                    | socketFactoryArg | /run/x/.s.PGSQL.7
          host=/run/x sslmode=require           | sslmode          | disable
          """)
  void keywords_become_properties(String text, String property, String value) {
    assertThat(properties(text).getProperty(property)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"options", "password", "sslcert", "sslrootcert"})
  void missing_keywords_set_no_property(String property) {
    assertThat(properties("host=h").getProperty(property)).isNull();
  }

  @Test
  void an_existing_root_certificate_is_verified() throws Exception {
    Path root = Files.writeString(home.resolve("root.crt"), "x");
    Properties driver = properties("host=h sslmode=require sslrootcert=" + root);
    assertThat(driver.getProperty("sslmode")).isEqualTo("verify-ca");
    assertThat(driver.getProperty("sslrootcert")).isEqualTo(root.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=/run/x,h",
        "target_session_attrs=master",
        "connect_timeout=soon",
        "host=h keepalives_idle=x"
      })
  void invalid_combinations_are_refused(String text) {
    assertThatThrownBy(() -> properties(text)).isInstanceOf(UserError.class);
  }

  @Test
  void a_key_in_the_traditional_format_comes_with_the_command_that_converts_it() throws Exception {
    Path key = Files.writeString(home.resolve("k"), "-----BEGIN RSA PRIVATE KEY-----\nx\n");
    assertThatThrownBy(() -> properties("host=h sslkey=" + key))
        .isInstanceOf(UserError.class)
        .satisfies(e -> assertThat(((UserError) e).hint()).startsWith("openssl pkcs8 -topk8"));
  }

  @Test
  void without_host_and_socket_it_is_localhost() {
    assertThat(properties("port=1").getProperty("PGHOST")).isEqualTo("localhost");
  }
}
