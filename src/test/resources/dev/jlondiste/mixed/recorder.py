"""Records what a consumer gets, each event in its batch's transaction; the first time asks for every seventh again."""
import sys

import pgq


class Recorder(pgq.Consumer):
    def process_event(self, db, event):
        if event.ev_retry is None and event.ev_id % 7 == 0:
            event.tag_retry(1)
            return
        db.cursor().execute(
            "insert into seen (ev_id, ev_type, ev_data, ev_extra1) values (%s, %s, %s, %s)",
            [event.ev_id, event.ev_type, event.ev_data, event.ev_extra1])
        event.tag_done()


if __name__ == '__main__':
    Recorder('recorder', 'db', sys.argv[1:]).start()
