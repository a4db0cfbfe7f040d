"""Records events in another database, which keeps the position too."""
import sys

import pgq


class RemoteRecorder(pgq.RemoteConsumer):
    def process_remote_batch(self, db, batch_id, events, dst_db):
        for event in events:
            dst_db.cursor().execute(
                "insert into seen (ev_id, ev_type, ev_data, ev_extra1) values (%s, %s, %s, %s)",
                [event.ev_id, event.ev_type, event.ev_data, event.ev_extra1])


if __name__ == '__main__':
    RemoteRecorder('remote_recorder', 'db', 'target_db', sys.argv[1:]).start()
