import { Controller, Get } from '@nestjs/common';
import { PEOPLE } from './people.js';
import { Rooms } from './rooms.js';

/** The people and the rooms that the page offers, to everybody. */
@Controller('directory')
export class DirectoryController {
  constructor(private readonly rooms: Rooms) {}

  @Get()
  list(): object {
    return { people: PEOPLE, rooms: this.rooms.ids() };
  }
}
